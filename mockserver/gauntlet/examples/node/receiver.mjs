// A complete receiver of VSee's eligibility events, made to be copied: one file, Node 20 and nothing else. Run it, and
// let vsee-mock try it:
//
//   export WEBHOOK_SECRET=whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw==
//   LISTEN=127.0.0.1:9000 node mockserver/gauntlet/examples/node/receiver.mjs
//   vsee-mock gauntlet --url http://127.0.0.1:9000/hook --state-url http://127.0.0.1:9000/state --secret $WEBHOOK_SECRET
//
// WEBHOOK_SECRET_PREVIOUS is the secret before, for as long as secrets are rotated. GET /state shows the results.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const TOLERANCE = 300 // seconds that a signed time may be off, either way
const BODY_LIMIT = 256 * 1024 // bytes; an event has less than one KiB
const REMEMBERED = 100_000 // ids of events; VSee's mock repeats an event for three days

const keys = [process.env.WEBHOOK_SECRET, process.env.WEBHOOK_SECRET_PREVIOUS]
  .filter(Boolean)
  .map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
if (keys.length === 0 || keys.some((key) => key.length === 0)) {
  console.error('WEBHOOK_SECRET must be whsec_ and base64')
  process.exit(1)
}

// The newest result of each member. Yours are in a database: the id of the event and the result in one transaction.
const seen = new Set() // ids of events, the oldest first
const results = new Map() // by member; by eligibility_id, if you check two cards of a member

// verify holds the headers of Standard Webhooks 1.0.0 to the bytes as they came, before anything in them is believed.
function verify(headers, body) {
  const id = headers['webhook-id']
  const stamp = headers['webhook-timestamp']
  if (!id || !/^[0-9]{1,12}$/.test(stamp ?? '')) return false
  if (Math.abs(Date.now() / 1000 - Number(stamp)) > TOLERANCE) return false
  // There are two signatures while secrets are rotated, in any order.
  const signatures = (headers['webhook-signature'] ?? '').split(' ').map((text) => Buffer.from(text))
  return keys.some((key) => {
    const want = Buffer.from('v1,' + createHmac('sha256', key).update(`${id}.${stamp}.`).update(body).digest('base64'))
    return signatures.some((got) => got.length === want.length && timingSafeEqual(got, want))
  })
}

// receive takes the body of an event and returns the status to answer. It is no 5xx: that would have it sent again,
// and none of what is sent deserves that.
function receive(headers, body) {
  if (!verify(headers, body)) return 401
  let event
  try {
    event = JSON.parse(body.toString('utf8'))
  } catch {
    return 400
  }
  if (event?.type !== 'eligibility.checked') return 204 // of another type: it is received, and of no interest
  // Every other field is ignored, external_member_id among them, which can be a string or a number.
  const { id, created, data } = event
  const { member_id: member, eligibility_id, eligibility_response } = data ?? {}
  if (typeof id !== 'string' || typeof created !== 'number' || typeof member !== 'string') return 400
  if (seen.has(id)) return 204
  remember(id)
  const last = results.get(member)
  if (!last || created >= last.created) results.set(member, { eligibility_id, eligibility_response, created })
  return 204
}

function remember(id) {
  seen.add(id)
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value)
}

// Node answers 408 to a request that has not arrived within requestTimeout, in ms; it looks every so often.
const timeouts = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 }

const server = createServer(timeouts, (request, response) => {
  const path = request.url.split('?')[0]
  if (request.method === 'GET' && path === '/state') {
    // It is for trying the receiver: leave it out where patients' data are.
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ events: seen.size, results: Object.fromEntries(results) }))
    return
  }
  if (request.method !== 'POST' || path !== '/hook') {
    request.resume()
    response.writeHead(404).end()
    return
  }
  let chunks = []
  let size = 0
  request.on('data', (chunk) => {
    size += chunk.length
    if (size <= BODY_LIMIT) chunks.push(chunk)
    else chunks = [] // read on, so that the answer arrives, and keep nothing of it
  })
  request.on('end', () => {
    const status = size > BODY_LIMIT ? 413 : receive(request.headers, Buffer.concat(chunks))
    response.writeHead(status).end()
  })
  request.on('error', () => {}) // the connection broke: nobody waits for an answer
})
const [, host, port] = /^(.*):([0-9]+)$/.exec(process.env.LISTEN || '127.0.0.1:9000') ?? []
if (port === undefined) {
  console.error('LISTEN must be host:port')
  process.exit(1)
}
server.listen({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) }, () => {
  const { address, family, port: bound } = server.address()
  console.log(`listening on http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/hook`)
})
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close() // what is under way is answered
    server.closeIdleConnections()
  })
}
