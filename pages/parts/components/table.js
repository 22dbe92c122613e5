// A plain table: ready-made texts, numbers to the right, a click on a heading sorts, a click on a row picks it.
const tables = new WeakMap()

function element(tag, className = "", text = null) {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== null) node.textContent = text
  return node
}

function ordered(data, order) {
  if (order.column === null) return data.rows
  const value = (row) => row.sort[order.column]
  const compare = (one, other) =>
    typeof one === "string" ? one.localeCompare(other, "vi") : one - other
  const known = data.rows.filter((row) => !row.strong && value(row) !== null && value(row) !== undefined)
  const unknown = data.rows.filter((row) => !row.strong && !known.includes(row))
  known.sort((one, other) => order.direction * compare(value(one), value(other)))
  // The province's row stays on top, rows without a value at the end, however the table is sorted.
  return [...data.rows.filter((row) => row.strong), ...known, ...unknown]
}

// A round "i" and what it shows: on top of everything, closed by Esc or a click beside it.
function info(state, name, paragraphs) {
  const button = element("button", "info", "i")
  const meaning = element("div", "meaning")
  const [title, ...texts] = paragraphs
  button.type = "button"
  button.title = state.data.meaning
  button.setAttribute("aria-label", `${state.data.meaning}: ${title}`)
  button.setAttribute("aria-haspopup", "dialog")
  button.onclick = (event) => {
    event.stopPropagation()
    meaning.togglePopover({ source: button })
  }
  meaning.id = name
  meaning.setAttribute("popover", "auto")
  meaning.setAttribute("role", "dialog")
  meaning.setAttribute("aria-label", title)
  meaning.onclick = (event) => event.stopPropagation()
  meaning.append(element("h4", "", title), ...texts.map((text) => element("p", "", text)))
  return [button, meaning]
}

function cell(tag, column, content) {
  const [text, note, tone] = Array.isArray(content) ? content : [content, null, null]
  const node = element(tag, column.number ? "number" : "")
  node.append(tone ? element("span", tone, text) : text)
  if (note) node.append(element("span", "note", note))
  return node
}

function draw(state) {
  const { data, order, frame } = state
  frame.style.maxHeight = data.height ? `${data.height}px` : "none"
  frame.setAttribute("role", "region")
  frame.setAttribute("aria-label", data.caption)
  frame.querySelector("caption").textContent = data.caption
  const heading = element("tr")
  data.columns.forEach((column, index) => {
    const node = element("th", column.number ? "number" : "")
    node.scope = "col"
    if (column.help) node.title = column.help
    const sorted = order.column === index
    if (sorted) node.setAttribute("aria-sort", order.direction > 0 ? "ascending" : "descending")
    const button = element("button", "", column.label)
    button.type = "button"
    if (sorted) button.append(element("span", "arrow", order.direction > 0 ? " ↑" : " ↓"))
    button.onclick = () => {
      state.order = { column: index, direction: sorted ? -order.direction : column.number ? -1 : 1 }
      draw(state)
    }
    node.append(button)
    if (column.meaning.length) node.append(" ", ...info(state, `column-${index}`, column.meaning))
    heading.append(node)
  })
  frame.querySelector("thead").replaceChildren(heading)
  frame.querySelector("tbody").replaceChildren(...ordered(data, order).map((row, place) => {
    const pickable = data.pickable && row.code
    const marks = [row.muted && "muted", row.strong && "strong", row.chosen && "chosen", pickable && "pickable"]
    const node = element("tr", marks.filter(Boolean).join(" "))
    row.cells.forEach((content, index) => {
      const column = data.columns[index]
      if (index > 0 || !pickable) {
        const plain = cell(index ? "td" : "th", column, content)
        if (!index && row.meaning.length) plain.append(" ", ...info(state, `row-${place}`, row.meaning))
        return node.append(plain)
      }
      const head = cell("th", column, ["", Array.isArray(content) ? content[1] : null])
      head.scope = "row"
      const button = element("button", "", Array.isArray(content) ? content[0] : content)
      button.type = "button"
      button.setAttribute("aria-pressed", String(Boolean(row.chosen)))
      head.prepend(button)
      node.append(head)
    })
    if (pickable) node.onclick = () => state.pick(row.code)
    return node
  }))
  const chosen = frame.querySelector("tr.chosen")
  if (data.height && chosen && state.shown !== data.chosen) {
    frame.scrollTop = Math.max(0, chosen.offsetTop - frame.clientHeight / 2)
  }
  state.shown = data.chosen
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!tables.has(parentElement)) {
    tables.set(parentElement, { frame: parentElement.querySelector(".frame"), order: { column: null, direction: 1 } })
  }
  const state = tables.get(parentElement)
  state.data = { ...data, chosen: data.rows.find((row) => row.chosen)?.code ?? null }
  state.pick = (code) => setTriggerValue("picked", code)
  draw(state)
  return () => tables.delete(parentElement)
}
