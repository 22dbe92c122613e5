// Tells Python the width of the column it stands in and the height of the window, when they really change.
export default function (component) {
  const { data, parentElement, setStateValue } = component
  const host = parentElement.host ?? parentElement
  const column = host.closest('[data-testid="stColumn"]') ?? host.closest('[data-testid="stMainBlockContainer"]')
  let sent = data.known
  let timer = null
  const measure = () => {
    const size = [Math.round(column?.clientWidth || window.innerWidth), window.innerHeight]
    // A scroll bar that comes and goes is no new window.
    if (sent && size.every((length, index) => Math.abs(length - sent[index]) < 24)) return
    sent = size
    setStateValue("size", size)
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(measure, 200) }
  measure()
  window.addEventListener("resize", later)
  return () => { clearTimeout(timer); window.removeEventListener("resize", later) }
}
