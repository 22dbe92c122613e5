// Cards with one figure each: what it means behind the "i", its certainty, and what it is beside earlier periods.
function element(tag, className = "", text = null) {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== null) node.textContent = text
  return node
}

function comparison(one) {
  const group = element("dl")
  const tone = [one.clear && "clear", one.tone].filter(Boolean).join(" ")
  group.append(element("dt", "", one.period), element("dd", tone, one.text))
  if (one.verdict) group.append(element("dd", `verdict ${tone}`, one.verdict))
  return group
}

function card(data, words, index) {
  const article = element("article")
  const header = element("header")
  const info = element("button", "info", "i")
  const meaning = element("div")
  info.type = "button"
  info.title = words.meaning
  info.setAttribute("aria-label", `${words.meaning}: ${data.name}`)
  info.setAttribute("aria-haspopup", "dialog")
  info.setAttribute("popovertarget", `meaning-${index}`)
  meaning.id = `meaning-${index}`
  meaning.setAttribute("popover", "auto")
  meaning.setAttribute("role", "dialog")
  meaning.setAttribute("aria-label", data.name)
  meaning.append(element("h4", "", data.name), ...data.meaning.map((text) => element("p", "", text)))
  header.append(element("h3", "", data.name), info)
  const comparisons = element("div", "comparisons")
  comparisons.append(...data.comparisons.map(comparison))
  article.append(header, element("p", "value", data.value), element("p", "certainty", data.certainty))
  if (data.comparisons.length) article.append(comparisons)
  article.append(element("p", data.freshness.behind ? "freshness behind" : "freshness", data.freshness.text))
  article.append(meaning)
  return article
}

export default function (component) {
  const { data, parentElement } = component
  const cards = parentElement.querySelector(".cards")
  cards.classList.toggle("stage", Boolean(data.stage))
  cards.replaceChildren(...data.cards.map((one, index) => card(one, data.words, index)))
}
