// The map through the weeks: outlines are drawn once, then a step in time only changes the colours of some areas.
const states = new WeakMap()
const SVG = "http://www.w3.org/2000/svg"

function node(tag, attributes, text = null) {
  const made = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  if (text !== null) made.textContent = text
  return made
}

function drawGround(state) {
  const { ground, look } = state.data
  state.svg.setAttribute("viewBox", `0 0 ${ground.width} ${ground.height}`)
  state.svg.setAttribute("width", ground.width)
  state.svg.setAttribute("height", ground.height)
  const scaled = node("g", { transform: `scale(${1 / ground.scale})` })
  state.areas = ground.units.map(([code, name, path]) => {
    const area = node("path", { d: path, class: "unit", stroke: look.line, "fill-rule": "evenodd" })
    area.onclick = () => state.pick(code)
    area.append(node("title", {}))
    scaled.append(area)
    return area
  })
  state.letters = ground.units.map(() => "")
  const plain = { fill: "none", "vector-effect": "non-scaling-stroke", "pointer-events": "none" }
  scaled.append(node("path", { ...plain, d: ground.outline, stroke: look.outline, "stroke-width": 2 }))
  for (const frame of ground.frames) scaled.append(node("path", { ...plain, d: frame, stroke: look.quiet, "stroke-width": 1.5 }))
  for (const chosen of ground.chosen) {
    const d = ground.units.find(([code]) => code === chosen)?.[2]
    if (!d) continue
    scaled.append(node("path", { ...plain, d, stroke: look.page, "stroke-width": 7 }))
    scaled.append(node("path", { ...plain, d, stroke: look.chosen, "stroke-width": 4 }))
  }
  const labels = ground.labels.map(([x, y, text]) =>
    node("text", { x, y, "text-anchor": "middle", "dominant-baseline": "middle", "font-size": ground.type, fill: look.text, stroke: look.page }, text))
  state.svg.replaceChildren(scaled, ...labels)
}

function show(state, place) {
  const { steps, frames, colours, ground, words } = state.data
  state.place = place
  state.slider.value = place
  state.step.textContent = steps[place]
  state.slider.setAttribute("aria-valuetext", steps[place])
  const frame = frames[place]
  state.areas.forEach((area, index) => {
    const letter = frame[index]
    if (state.letters[index] === letter) return
    state.letters[index] = letter
    area.setAttribute("fill", colours[letter])
    area.firstChild.textContent = `${ground.units[index][1]}: ${words.classes[letter]}`
  })
}

function stop(state) {
  clearInterval(state.timer)
  state.timer = null
  state.play.textContent = `▶ ${state.data.words.play}`
}

function toggle(state) {
  if (state.timer) return stop(state)
  const last = state.data.steps.length - 1
  if (state.place >= last) show(state, 0)
  state.play.textContent = `❚❚ ${state.data.words.pause}`
  state.timer = setInterval(() => {
    if (state.place >= last) return stop(state)
    show(state, state.place + 1)
  }, 700)
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  let state = states.get(parentElement)
  if (!state) {
    const find = (name) => parentElement.querySelector(name)
    state = { svg: find(".map"), play: find(".play"), slider: find(".slider"), step: find(".step"), place: null }
    states.set(parentElement, state)
    state.play.onclick = () => toggle(state)
    state.slider.oninput = () => { stop(state); show(state, Number(state.slider.value)) }
  }
  const isNewGround = JSON.stringify(state.data?.ground) !== JSON.stringify(data.ground) ||
    JSON.stringify(state.data?.look) !== JSON.stringify(data.look)
  const isNewTime = JSON.stringify(state.data?.steps) !== JSON.stringify(data.steps)
  state.data = data
  state.pick = (code) => setTriggerValue("picked", code)
  state.svg.setAttribute("aria-label", data.words.title)
  state.slider.max = data.steps.length - 1
  state.slider.setAttribute("aria-label", data.words.slider)
  if (isNewGround) drawGround(state)
  state.letters = state.areas.map(() => "")
  if (!state.timer) stop(state)
  show(state, isNewTime || state.place === null ? data.steps.length - 1 : Math.min(state.place, data.steps.length - 1))
  return () => { clearInterval(state.timer); states.delete(parentElement) }
}
