// A combobox after the ARIA pattern whose search ignores Vietnamese marks: "phu tho" finds Phú Thọ.
// The choice lives in Python (data.selected); every pick is sent as the trigger `picked`, the full list of values.
const pickers = new WeakMap()

const fold = (text) => text.replace(/[đĐ]/g, "d").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim()

function score(option, query) {
  // Lower is better: the name starts with the words, each word starts one of the name's, an old name holds them.
  if (option.folded.startsWith(query) || option.bare.startsWith(query)) return 0
  const parts = option.bare.split(" ")
  if (query.split(/\s+/).every((word) => parts.some((part) => part.startsWith(word)))) return 1
  if (option.folded.includes(query)) return 2
  return ` ${option.foldedAlso} ${option.foldedHint}`.includes(` ${query}`) ? 3 : null
}

function element(tag, attributes = {}, text = null) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  if (text !== null) node.textContent = text
  return node
}

function create(parentElement) {
  const root = parentElement.querySelector(".picker")
  const state = {
    root, box: root.querySelector(".box"), input: root.querySelector("input"), list: root.querySelector("ul"),
    clear: root.querySelector(".clear"), data: null, open: false, active: -1, shown: [], send: null, typed: false,
  }
  const { box, input, list, clear } = state
  input.onfocus = () => { state.typed = false; if (!state.data.multiple) input.select() }
  input.onclick = () => show(state)
  input.oninput = () => { state.typed = true; show(state) }
  input.onkeydown = (event) => onKey(state, event)
  input.onblur = () => hide(state)
  // Keeping the focus in the field lets a click on an option or a chip happen before the list closes.
  list.onpointerdown = (event) => event.preventDefault()
  box.onpointerdown = (event) => { if (event.target !== input) event.preventDefault() }
  box.onclick = (event) => { if (event.target === box) { input.focus(); show(state) } }
  clear.onclick = () => { send(state, []); input.focus() }
  const follow = () => { if (state.open) place(state) }
  window.addEventListener("scroll", follow, true)
  window.addEventListener("resize", follow)
  state.destroy = () => {
    window.removeEventListener("scroll", follow, true)
    window.removeEventListener("resize", follow)
  }
  return state
}

function options(state) {
  const query = state.typed ? fold(state.input.value) : ""
  if (!query) return state.data.options
  return state.data.options
    .map((option, order) => ({ option, order, rank: score(option, query) }))
    .filter((entry) => entry.rank !== null)
    .sort((one, other) => one.rank - other.rank || one.order - other.order)
    .map((entry) => ({ ...entry.option, viaOldName: entry.rank === 3 }))
}

function place(state) {
  const edge = state.box.getBoundingClientRect()
  const below = window.innerHeight - edge.bottom - 12
  const above = edge.top - 12
  const height = Math.min(360, Math.max(below, above))
  const upward = below < 200 && above > below
  Object.assign(state.list.style, {
    left: `${edge.left}px`, width: `${Math.max(edge.width, 240)}px`, maxHeight: `${height}px`,
    top: upward ? "auto" : `${edge.bottom + 4}px`, bottom: upward ? `${window.innerHeight - edge.top + 4}px` : "auto",
  })
}

function show(state) {
  const { list, input, data } = state
  state.shown = options(state)
  list.replaceChildren(...state.shown.map((option, index) => {
    const selected = data.selected.includes(option.value)
    const item = element("li", { id: `option-${index}`, role: "option", "aria-selected": String(selected) }, option.label)
    const hint = option.viaOldName && option.also ? option.also : option.hint
    if (hint) item.append(element("span", { class: "hint" }, hint))
    item.onclick = () => pick(state, option)
    item.onpointermove = () => activate(state, index, false)
    return item
  }))
  if (!state.shown.length) list.replaceChildren(element("li", { class: "empty", role: "presentation" }, data.nothing))
  if (!state.open) {
    state.open = true
    input.setAttribute("aria-expanded", "true")
    if (list.showPopover) list.showPopover(); else list.hidden = false
  }
  place(state)
  const current = state.shown.findIndex((option) => data.selected.includes(option.value))
  activate(state, state.typed || current < 0 ? (state.shown.length ? 0 : -1) : current, true)
}

function hide(state) {
  if (state.open) {
    state.open = false
    state.input.setAttribute("aria-expanded", "false")
    state.input.removeAttribute("aria-activedescendant")
    if (state.list.hidePopover) state.list.hidePopover(); else state.list.hidden = true
  }
  state.typed = false
  state.input.value = state.data.multiple ? "" : labelOf(state)
}

function activate(state, index, scroll) {
  state.list.querySelector(".active")?.classList.remove("active")
  state.active = index
  const item = index < 0 ? null : state.list.children[index]
  if (!item) return
  item.classList.add("active")
  state.input.setAttribute("aria-activedescendant", item.id)
  if (scroll) item.scrollIntoView({ block: "nearest" })
}

function onKey(state, event) {
  const { data, input } = state
  const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
  if (move !== undefined) {
    event.preventDefault()
    if (!state.open) return show(state)
    const last = state.shown.length - 1
    activate(state, Math.min(last, Math.max(0, state.active + move)), true)
  } else if (event.key === "Enter") {
    event.preventDefault()
    if (state.open && state.shown[state.active]) pick(state, state.shown[state.active])
    else show(state)
  } else if (event.key === "Escape") {
    if (state.open) { event.stopPropagation(); hide(state) }
  } else if (event.key === "Backspace" && data.multiple && !input.value && data.selected.length) {
    send(state, data.selected.slice(0, -1))
  }
}

function pick(state, option) {
  const { data } = state
  if (data.multiple) {
    const selected = data.selected.includes(option.value)
    send(state, selected ? data.selected.filter((value) => value !== option.value) : [...data.selected, option.value])
    state.typed = false
    state.input.value = ""
    show(state)
  } else {
    send(state, [option.value])
    hide(state)
  }
}

function send(state, selected) {
  // Shown at once; Python's answer confirms it a moment later.
  state.data = { ...state.data, selected }
  draw(state)
  state.send(selected)
}

function labelOf(state) {
  const value = state.data.selected[0]
  return state.data.options.find((option) => option.value === value)?.label ?? ""
}

function draw(state) {
  const { data, box, input, clear } = state
  state.root.querySelector(".label").textContent = data.label
  input.setAttribute("aria-label", data.label)
  box.querySelectorAll(".chip").forEach((chip) => chip.remove())
  if (data.multiple) {
    for (const value of data.selected) {
      const label = data.options.find((option) => option.value === value)?.label ?? value
      const chip = element("span", { class: "chip" })
      const remove = element("button", { type: "button", "aria-label": `${data.remove} ${label}`, title: data.remove }, "×")
      remove.onclick = () => send(state, state.data.selected.filter((other) => other !== value))
      chip.append(element("span", {}, label), remove)
      box.insertBefore(chip, input)
    }
    input.placeholder = data.selected.length ? "" : data.placeholder
    input.classList.toggle("beside", data.selected.length > 0)
  } else {
    input.placeholder = data.placeholder
    if (!state.typed) input.value = labelOf(state)
  }
  // Several choices have a cross each.
  clear.hidden = data.multiple || !data.clearable || !data.selected.length
  clear.setAttribute("aria-label", data.clear)
  clear.title = data.clear
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!pickers.has(parentElement)) pickers.set(parentElement, create(parentElement))
  const state = pickers.get(parentElement)
  for (const option of data.options) {
    option.folded = fold(option.label)
    option.bare = fold(option.bare || option.label)
    option.foldedAlso = fold(option.also ?? "")
    option.foldedHint = fold(option.hint ?? "")
  }
  state.data = data
  state.send = (selected) => setTriggerValue("picked", selected)
  draw(state)
  if (state.open) show(state)
  return () => { state.destroy(); pickers.delete(parentElement) }
}
