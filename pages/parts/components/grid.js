// A wide table: two rows of headings where columns have groups, the first column and the headings stay in sight.
// A click on a heading sorts here, or is handed over where the rows are only one page of many.
const grids = new WeakMap()

function element(tag, className = "", text = null) {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== null) node.textContent = text
  return node
}

function ordered({ data, order }) {
  if (data.sorted_by_server || order.column === null) return data.rows
  const value = (row) => row.sort[order.column] ?? null
  const compare = (one, other) => (typeof one === "string" ? one.localeCompare(other, "vi") : one - other)
  const free = data.rows.filter((row) => !row.strong)
  const known = free.filter((row) => value(row) !== null)
  known.sort((one, other) => order.direction * compare(value(one), value(other)))
  return [...known, ...free.filter((row) => value(row) === null), ...data.rows.filter((row) => row.strong)]
}

function names(data, index, more = []) {
  const column = data.columns[index]
  return [index === 0 && "first", column.number && "number", column.edge && "edge", ...more].filter(Boolean).join(" ")
}

function head(state, column, index, rows) {
  const { data, order } = state
  const node = element("th", names(data, index))
  node.scope = "col"
  node.rowSpan = rows
  if (column.help) node.title = column.help
  if (data.sorted_by_server && !column.code) {
    node.append(column.label)
    return node
  }
  const sorted = data.sorted_by_server ? data.sorted?.code === column.code : order.column === index
  const direction = data.sorted_by_server ? (data.sorted?.descending ? -1 : 1) : order.direction
  if (sorted) node.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending")
  const button = element("button", "", column.label)
  button.type = "button"
  if (sorted) button.append(element("span", "arrow", direction > 0 ? " ↑" : " ↓"))
  const next = sorted ? -direction : column.number ? -1 : 1
  button.onclick = () => {
    if (data.sorted_by_server) return state.send("sorted", { code: column.code, descending: next < 0 })
    state.order = { column: index, direction: next }
    draw(state)
  }
  node.append(button)
  return node
}

function headings(state) {
  const { data } = state
  const rows = [element("tr")]
  if (!data.groups.length) {
    data.columns.forEach((column, index) => rows[0].append(head(state, column, index, 1)))
    return rows
  }
  rows.push(element("tr"))
  rows[0].append(head(state, data.columns[0], 0, 2))
  for (const group of data.groups) {
    const node = element("th", "group edge", group.label)
    node.scope = "colgroup"
    node.colSpan = group.span
    rows[0].append(node)
  }
  data.columns.slice(1).forEach((column, index) => rows[1].append(head(state, column, index + 1, 1)))
  return rows
}

function line(state, row) {
  const { data } = state
  const pickable = data.pickable && row.code
  const node = element("tr", [row.chosen && "chosen", pickable && "pickable"].filter(Boolean).join(" "))
  row.cells.forEach((content, index) => {
    const [text, note, tone] = Array.isArray(content) ? content : [content, "", ""]
    const cell = element(index ? "td" : "th", names(data, index, [row.strong && "strong", tone === "muted" && "muted"]))
    if (!index) cell.scope = "row"
    if (!index && pickable) {
      const button = element("button", "", text)
      button.type = "button"
      button.setAttribute("aria-pressed", String(Boolean(row.chosen)))
      cell.append(button)
    } else {
      cell.append(tone && tone !== "muted" ? element("span", tone, text) : text)
    }
    if (note) cell.append(element("span", "note", note))
    node.append(cell)
  })
  if (pickable) node.onclick = () => state.send("picked", row.code)
  return node
}

function draw(state) {
  const { data, frame } = state
  frame.style.maxHeight = data.height ? `${data.height}px` : "none"
  frame.setAttribute("role", "region")
  frame.setAttribute("aria-label", data.caption)
  frame.querySelector("caption").textContent = data.caption
  const top = headings(state)
  frame.querySelector("thead").replaceChildren(...top)
  frame.querySelector("tbody").replaceChildren(...ordered(state).map((row) => line(state, row)))
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!grids.has(parentElement)) {
    grids.set(parentElement, { frame: parentElement.querySelector(".frame"), order: { column: null, direction: 1 } })
  }
  const state = grids.get(parentElement)
  state.data = data
  state.send = setTriggerValue
  draw(state)
  return () => grids.delete(parentElement)
}
