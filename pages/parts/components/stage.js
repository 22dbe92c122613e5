// The keys of presenting: pages, blanking, the clock, the commune pointed at. What is drawn here needs no server;
// what changes the screen goes to Python as a trigger with the page's number, so that quick presses are not lost.
const KEPT = "thongsuot-stage"
// Survives a change of screen, which draws this component anew; what must survive a reload is in the session's storage.
const memory = { wanted: null, leaving: false, since: 0, tries: 0, hinted: false, fading: null, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") }
const stages = new WeakMap()

const keep = () => sessionStorage.setItem(KEPT, JSON.stringify({ clock: memory.clock, started: memory.started, hinted: memory.hinted }))

function isTyping(event) {
  const target = event.composedPath()[0]
  return target instanceof Element && (target.isContentEditable || target.matches("input, textarea, select"))
}

// A dialog, a list or an explanation that is open takes Esc and the arrows for itself.
const isBusy = () => document.querySelector('[role="dialog"], [data-testid="stPopoverBody"]') !== null

function say(state, text, seconds = 3) {
  const { chip } = state
  chip.textContent = text
  chip.hidden = !text
  chip.classList.remove("gone")
  clearTimeout(memory.fading)
  memory.fading = setTimeout(() => chip.classList.add("gone"), 1000 * seconds)
}

const placeOf = (data, page) => `${page + 1}/${data.titles.length} · ${data.titles[page]}`

function turn(state, page) {
  const { data } = state
  const last = data.titles.length - 1
  const there = Math.max(0, Math.min(last, page))
  if (there !== page || !data.titles.length) return say(state, page > last ? data.words.end : data.words.start)
  Object.assign(memory, { wanted: there, leaving: false, since: Date.now(), tries: 0 })
  say(state, placeOf(data, there))
  state.send("turned", there)
}

// A press that came while the server was already changing screens may have been passed over: ask again.
function insist(state) {
  const isIdle = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning"
  if ((memory.wanted === null && !memory.leaving) || !isIdle || Date.now() - memory.since < 700) return
  if (memory.tries >= 3) return Object.assign(memory, { wanted: null, leaving: false })
  Object.assign(memory, { since: Date.now(), tries: memory.tries + 1 })
  if (memory.leaving) state.send("left", true)
  else state.send("turned", memory.wanted)
}

// Where the speaker is going: a press that the server has not answered yet counts.
const position = (state) => memory.wanted ?? state.data.position

function clock(state) {
  const seconds = Math.max(0, Math.floor((Date.now() - memory.started) / 1000))
  state.clock.hidden = !memory.clock
  state.clock.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`
}

function help(state) {
  const list = document.createElement("dl")
  for (const [keys, meaning] of state.data.help) {
    list.append(Object.assign(document.createElement("dt"), { textContent: keys }))
    list.append(Object.assign(document.createElement("dd"), { textContent: meaning }))
  }
  state.help.replaceChildren(list)
  state.help.hidden = false
}

function scroll(share) {
  const main = document.querySelector('[data-testid="stMain"]')
  main?.scrollBy({ top: share * window.innerHeight, behavior: "instant" })
}

function click(name) {
  document.querySelector(`.st-key-${name} button`)?.click()
}

function onKey(state, event) {
  if (state.blank.matches(":popover-open")) {
    state.blank.hidePopover()
    event.preventDefault()
    event.stopPropagation()
    return
  }
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return
  if (!state.help.hidden) {
    state.help.hidden = true
    event.preventDefault()
    return
  }
  if (isBusy() || event.defaultPrevented) return
  const { data } = state
  const here = position(state)
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const actions = {
    ArrowRight: () => turn(state, here + 1), PageDown: () => turn(state, here + 1), " ": () => turn(state, here + 1),
    ArrowLeft: () => turn(state, here - 1), PageUp: () => turn(state, here - 1),
    Home: () => turn(state, 0), End: () => turn(state, data.titles.length - 1),
    ArrowDown: () => scroll(0.8), ArrowUp: () => scroll(-0.8),
    b: () => state.blank.showPopover(), ".": () => state.blank.showPopover(),
    t: () => { memory.clock = !memory.clock; keep(); clock(state) },
    h: () => state.send("pointed", event.shiftKey ? "none" : "next"),
    g: () => click("stage_promise"),
    p: () => click("stage_slides"),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
    "?": () => help(state),
    Escape: () => {
      Object.assign(memory, { wanted: null, leaving: true, since: Date.now(), tries: 0 })
      state.send("left", true)
    },
  }
  const digit = /^[1-9]$/.test(key) ? Number(key) - 1 : null
  const action = digit !== null ? () => turn(state, digit) : actions[key]
  if (!action) return
  event.preventDefault()
  action()
}

function create(parentElement) {
  const state = { data: null, send: null }
  for (const name of ["chip", "clock", "help", "blank"]) state[name] = parentElement.querySelector(`.${name}`)
  const root = document.documentElement
  let resting = null
  const listen = (event) => onKey(state, event)
  const move = () => {
    root.dataset.pointer = "moving"
    clearTimeout(resting)
    resting = setTimeout(() => delete root.dataset.pointer, 2500)
  }
  const lift = () => { if (state.blank.matches(":popover-open")) state.blank.hidePopover() }
  window.addEventListener("keydown", listen, true)
  window.addEventListener("pointermove", move)
  state.blank.addEventListener("pointerdown", lift)
  const ticking = setInterval(() => {
    clock(state)
    insist(state)
  }, 500)
  state.destroy = () => {
    window.removeEventListener("keydown", listen, true)
    window.removeEventListener("pointermove", move)
    clearInterval(ticking)
    clearTimeout(resting)
    delete root.dataset.pointer
    // Left: the next presentation is another one.
    if (!new URLSearchParams(location.search).has("trinh-chieu")) memory.leaving = false
  }
  return state
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!stages.has(parentElement)) stages.set(parentElement, create(parentElement))
  const state = stages.get(parentElement)
  const isNew = state.data?.position !== data.position || state.data?.key !== data.key
  state.data = data
  state.send = setTriggerValue
  // The server says how long ago the meeting began: its clock and the laptop's may differ.
  if (memory.meeting !== data.key) Object.assign(memory, { meeting: data.key, started: Date.now() - 1000 * data.elapsed })
  keep()
  if (memory.wanted === data.position) memory.wanted = null
  clock(state)
  if (isNew && memory.wanted === null) {
    const place = data.position >= 0 ? placeOf(data, data.position) : ""
    say(state, memory.hinted ? place : [place, data.words.hint].filter(Boolean).join(" · "), memory.hinted ? 3 : 6)
    memory.hinted = true
    keep()
  }
  return () => { state.destroy(); stages.delete(parentElement) }
}
