// A complete receiver of VSee's eligibility events: one file, Node 18 and nothing else. Copy it. Run it, and test it
// with vsee-mock:
//
//   export WEBHOOK_SECRET=whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw==
//   LISTEN=127.0.0.1:9000 node docs/examples/node/receiver.mjs
//   vsee-mock gauntlet --url http://127.0.0.1:9000/hook --state-url http://127.0.0.1:9000/state --secret $WEBHOOK_SECRET
//
// WEBHOOK_SECRET_PREVIOUS is the secret before, for as long as secrets are rotated. GET /state shows the results.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'

const TOLERANCE = 300 // seconds that a signed time may be off, either way
const BODY_LIMIT = 256 * 1024 // bytes; an event has less than one KiB
const REMEMBERED = 100_000 // ids of events; VSee's mock repeats an event for three days

// keyOf returns the key of a secret such as whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw==.
function keyOf(secret) {
  const text = secret.replace(/^whsec_/, '')
  const key = Buffer.from(text, 'base64')
  if (key.length === 0 || key.toString('base64') !== text) throw new Error('a secret must be whsec_ and base64')
  return key
}

// verify compares the headers of Standard Webhooks 1.0.0 with the bytes as they came. Parse a body only after it.
function verify(keys, headers, body) {
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

// Receiver keeps the newest result of each member. Yours are in a database: the id of the event and the result in one
// transaction.
export class Receiver {
  seen = new Set() // ids of events, the oldest first
  processed = 0 // events, each counted once
  results = new Map() // by member; by eligibility_id, if you check two cards of a member

  // The secrets are the one in force and, if any, the one before.
  constructor(secrets) {
    this.keys = secrets.map(keyOf)
  }

  // receive takes the body of an event and returns the status to answer. It is no 5xx, which would make the sender
  // repeat the event: none of these events deserves that.
  receive(headers, body) {
    if (!verify(this.keys, headers, body)) return 401
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
    if (this.seen.has(id)) return 204
    this.remember(id)
    this.processed++
    const last = this.results.get(member)
    if (!last || created >= last.created) this.results.set(member, { eligibility_id, eligibility_response, created })
    return 204
  }

  remember(id) {
    this.seen.add(id)
    if (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value)
  }

  // listen returns the server once it listens.
  listen(port, host) {
    // Node answers 408 to a request that has not arrived within requestTimeout, in ms; it looks every so often.
    const timeouts = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 }
    const server = createServer(timeouts, (request, response) => this.answer(request, response))
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host }, () => resolve(server))
    })
  }

  answer(request, response) {
    const path = request.url.split('?')[0]
    if (request.method === 'GET' && path === '/state') {
      // It is for testing the receiver: leave it out where patients' data are.
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ events: this.processed, results: Object.fromEntries(this.results) }))
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
      const status = size > BODY_LIMIT ? 413 : this.receive(request.headers, Buffer.concat(chunks))
      response.writeHead(status).end()
    })
    request.on('error', () => {}) // the connection broke
  }
}

// urlOf returns the address of a server's webhook.
export function urlOf(server) {
  const { address, family, port } = server.address()
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/hook`
}

async function main() {
  const secrets = [process.env.WEBHOOK_SECRET, process.env.WEBHOOK_SECRET_PREVIOUS].filter(Boolean)
  if (secrets.length === 0) throw new Error('WEBHOOK_SECRET is not set')
  const [, host, port] = /^(.*):([0-9]+)$/.exec(process.env.LISTEN || '127.0.0.1:9000') ?? []
  if (port === undefined) throw new Error('LISTEN must be host:port')
  const server = await new Receiver(secrets).listen(Number(port), host.replace(/^\[|\]$/g, ''))
  console.log(`listening on ${urlOf(server)}`)
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      server.close() // what is under way is answered
      server.closeIdleConnections()
    })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  main().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
