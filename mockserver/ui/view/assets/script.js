// Makes the page live. Without it, each view is a plain page of links and forms.
const root = document.documentElement
root.classList.add('scripted')
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
let silence
const say = (text) => {
  document.getElementById('said').textContent = text
  clearTimeout(silence)
  silence = text && setTimeout(() => say(''), 6000)
}

// The clock and the countdowns go on between two replies.
let offset = 0 // of the clinic's clock from this computer's, in ms
const readClock = () => {
  const clock = document.querySelector('[data-clock]')
  if (clock) offset = Date.parse(clock.dateTime) - Date.now()
}
const left = (ms) => {
  const s = Math.ceil(ms / 1000)
  if (s <= 0) return 'now'
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']].filter(([size]) => s >= size)
  const [size, unit] = parts[0]
  const rest = parts[1] && Math.floor((s % size) / parts[1][0])
  return 'in ' + Math.floor(s / size) + ' ' + unit + (rest ? ' ' + rest + ' ' + parts[1][1] : '')
}
const tick = () => {
  const clock = document.querySelector('[data-clock]')
  if (!clock) return
  const running = clock.dataset.clock === 'running'
  const now = running ? Date.now() + offset : Date.parse(clock.dateTime)
  if (running) clock.textContent = new Date(now).toISOString().slice(11, 19)
  for (const due of all('[data-due]')) {
    const text = left(Date.parse(due.dateTime) - now)
    if (due.textContent !== text) due.textContent = text
  }
}

// A refresh fetches the page anew and replaces the regions that differ.
const texts = new Map() // the text of each region as the server sent it
const readTexts = (page) => { for (const region of all('[data-live]', page)) texts.set(region.id, region.innerHTML) }
const show = (page) => {
  for (const fresh of all('[data-live]', page)) {
    const region = document.getElementById(fresh.id)
    if (!region) { location.reload(); return }
    if (texts.get(fresh.id) === fresh.innerHTML || region.contains(document.activeElement) &&
      document.activeElement.matches('input, select, textarea')) continue
    texts.set(fresh.id, fresh.innerHTML)
    replace(region, fresh)
  }
  readClock()
  tick()
}
const replace = (region, fresh) => {
  const follow = region.querySelector('[data-follow]')
  const place = follow && { left: follow.scrollLeft, top: follow.scrollTop, end: atEnd(follow) }
  const focused = region.contains(document.activeElement) && document.activeElement.getAttribute('href')
  const known = new Set(all('[data-row], [data-new]', region).map((row) => row.href + row.textContent))
  const unfolded = all('details[open] > summary', region).map((summary) => summary.textContent)
  region.replaceChildren(...fresh.childNodes)
  for (const summary of all('summary', region)) if (unfolded.includes(summary.textContent)) summary.parentNode.open = true
  if (known.size) {
    for (const row of all('[data-row]:not([data-kind=due]), [data-new]', region)) {
      if (!known.has(row.href + row.textContent)) row.classList.add('fresh')
    }
  }
  if (focused) all('a', region).find((a) => a.getAttribute('href') === focused)?.focus({ preventScroll: true })
  const next = region.querySelector('[data-follow]')
  if (next && place) {
    next.scrollTop = place.top
    next.scrollLeft = place.end ? next.scrollWidth : place.left
  }
}
const atEnd = (box) => box.scrollLeft + box.clientWidth >= box.scrollWidth - 24

let busy = false
let dirty = false
let turn = 0 // grows with each reply to a form: a page that was asked for before it is out of date
const refresh = async () => {
  if (busy || document.hidden) { dirty = true; return }
  busy = true
  dirty = false
  const asked = turn
  try {
    const reply = await fetch(location.href, { headers: { Accept: 'text/html' } })
    if (reply.redirected) location.reload() // the session has ended
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    if (asked === turn) show(page)
  } catch { /* the mock is away: the stream comes back with it */ }
  setTimeout(() => {
    busy = false
    if (dirty) refresh()
  }, 250) // however many changes there were meanwhile
}
if (document.body.dataset.stream) {
  const open = () => {
    const stream = new EventSource(document.body.dataset.stream + '?tail=0')
    for (const kind of ['exchange', 'check', 'claim', 'visit', 'event', 'delivery', 'clock', 'reset', 'dropped']) {
      stream.addEventListener(kind, refresh)
    }
    stream.addEventListener('dropped', (event) => {
      say(JSON.parse(event.data).dropped + ' changes came faster than this page could follow: it goes on with the newest.')
    })
    stream.addEventListener('end', () => stream.close())
    stream.addEventListener('error', () => { dirty = true })
    stream.addEventListener('open', () => { if (dirty) refresh() })
  }
  open()
  document.addEventListener('visibilitychange', () => { if (!document.hidden && dirty) refresh() })
}

// Forms that change the clinic keep the page, and with it the place of the reader.
document.addEventListener('submit', async (event) => {
  const form = event.target
  const button = event.submitter
  if (button?.dataset.copy !== undefined && navigator.clipboard) { // else the browser shows the text
    event.preventDefault()
    const reply = await send(form, button)
    await navigator.clipboard.writeText(await reply.text())
    say('Copied.')
    const label = button.textContent
    button.textContent = 'Copied'
    setTimeout(() => { button.textContent = label }, 1500)
  } else if (form.dataset.enhance !== undefined) {
    event.preventDefault()
    form.setAttribute('aria-busy', 'true')
    const reply = await send(form, button)
    const text = await reply.text()
    form.removeAttribute('aria-busy')
    const page = new DOMParser().parseFromString(text, 'text/html')
    document.getElementById('refusal')?.remove()
    if (!reply.ok) {
      refuse(page.querySelector('[role=alert]'))
      return
    }
    turn++
    history.replaceState(null, '', withoutDone(reply.url))
    say(page.getElementById('said').textContent)
    show(page)
    refresh()
  }
})
// A refusal stands above the page, so that the form keeps its values.
const refuse = (alert) => {
  if (!alert) { location.reload(); return } // the session has ended
  alert.id = 'refusal'
  alert.querySelector('p:has(a)')?.remove() // the form is on this page
  document.getElementById('main').prepend(alert)
  alert.scrollIntoView({ block: 'nearest' })
}
const withoutDone = (address) => {
  const url = new URL(address)
  url.searchParams.delete('done')
  return url.href
}
const send = (form, button) => fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, button)) })
document.addEventListener('change', (event) => {
  if (event.target.dataset.submit !== undefined) event.target.form.requestSubmit()
})
// Enter in the field of a form with several buttons presses the one beside it.
document.addEventListener('keydown', (event) => {
  const beside = event.key === 'Enter' && event.target.matches?.('input') && event.target.form?.querySelector('[data-default]')
  if (beside) {
    event.preventDefault()
    beside.click()
  }
})

// A file dropped anywhere goes into the field for it, and an older one into the second field.
const fields = () => all('input[data-drop], input[data-drop] ~ input[type=file]')
document.addEventListener('dragover', (event) => { if (fields().length) event.preventDefault() })
document.addEventListener('drop', (event) => {
  const into = fields()
  const files = [...event.dataTransfer.files].sort((a, b) => b.lastModified - a.lastModified)
  if (!into.length || !files.length) return
  event.preventDefault()
  into.forEach((field, i) => {
    const one = new DataTransfer()
    if (files[i]) one.items.add(files[i])
    field.files = one.files
  })
  into[0].form.requestSubmit()
})

const step = (by) => {
  const rows = all('[data-row]')
  const at = rows.indexOf(document.activeElement)
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}
const help = document.getElementById('help')
all('[data-help]').forEach((button) => button.addEventListener('click', () => help.showModal()))
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.('input, select, textarea') || help.open) return
  const press = all('[data-key]').find((button) => button.dataset.key === event.key)
  if (event.key === '/') document.querySelector('[data-search]')?.focus()
  else if (event.key === 'j') step(1)
  else if (event.key === 'k') step(-1)
  else if (event.key === '?') help.showModal()
  else if (press) press.click()
  else return
  event.preventDefault()
})

if (location.search.includes('done=')) history.replaceState(null, '', withoutDone(location.href))
say(document.getElementById('said').textContent)
readTexts(document)
readClock()
tick()
setInterval(tick, 250)
all('[data-follow]').forEach((box) => { box.scrollLeft = box.scrollWidth })
