// A client of VSee's api_v3 along its insurance guide: one file, Node 18 and nothing else. Copy it.
import { setTimeout as pause } from 'node:timers/promises'

const LONGEST_WAIT = 60 // seconds; a call does not wait for a Retry-After beyond it
const TIMEOUT = 20_000 // of one try, in ms

// VSeeError reports a failed call. Its status is 0 when no answer came, or none in the API's format.
export class VSeeError extends Error {
  constructor(status, message) {
    super(status ? `VSee answered ${status}: ${message}` : `no answer of VSee: ${message}`)
    this.status = status
  }
}

// VSee has the clinic's calls. A patient is an id and a token, as signOn returns them. A call is tried up to `attempts`
// times. `sleep` waits for some seconds between two tries: a test passes one that moves a clock.
export class VSee {
  constructor({ baseURL, accountCode, key, secret, token, attempts = 4, sleep = (seconds) => pause(1000 * seconds) }) {
    Object.assign(this, { baseURL, token, attempts, sleep })
    this.keys = { 'X-AccountCode': accountCode, 'X-ApiKey': key, 'X-ApiSecret': secret }
  }

  // insurers returns the clinic's insurers. The id of one is the carrier code of the other calls.
  async insurers() {
    return (await this.#call('GET', '/insurances/', { 'X-ApiToken': this.token })).insurers
  }

  // signOn creates the patient with your own id `code`, or fetches the one who has it.
  async signOn(code, fields) {
    const form = new URLSearchParams({ type: 200, code, ...fields })
    const { id, token } = await this.#call('POST', '/users/sso', this.keys, form)
    return { id, token: token.token }
  }

  async storeInsurance(patient, carrierCode, subscriberNum) {
    const form = new URLSearchParams({
      'insurance.primary_carrier_code': carrierCode,
      'insurance.primary_subscriber_num': subscriberNum,
      'insurance.respparty': 'self',
    })
    await this.#call('POST', '/me.json', tokenHeader(patient), form)
  }

  // startCheck returns the id of the new check. A webhook has its result some seconds later.
  async startCheck(patient, carrierCode) {
    const path = `/users/${patient.id}/${encodeURIComponent(carrierCode)}/eligibility`
    return (await this.#call('POST', path, tokenHeader(patient))).eligibility_id
  }

  // result returns the insurer's answer in the last check of a card, undefined before there is one.
  async result(patient, card = 'primary') {
    const user = await this.#call('GET', `/users/${patient.id}`, tokenHeader(patient))
    return user.user_data?.[card]?.eligibility_response
  }

  // submitClaim returns the id of the claim. VSee has not defined claims: this is the mock's way.
  async submitClaim(patient, claim) {
    const body = JSON.stringify({ member_id: patient.id, ...claim })
    const headers = { ...tokenHeader(patient), 'Content-Type': 'application/json' }
    return (await this.#call('POST', '/insurance/claims', headers, body)).claim_id
  }

  claim(patient, id) {
    return this.#call('GET', `/insurance/claims/${id}`, tokenHeader(patient))
  }

  async #call(method, path, headers, body) {
    for (let tried = 1; ; tried++) {
      const { data, problem, again, retryAfter } = await this.#try(method, path, headers, body)
      if (data) return data
      const wait = Math.max(2 ** (tried - 1), retryAfter) // seconds
      if (tried === this.attempts || !again || wait > LONGEST_WAIT) throw problem
      await this.sleep(wait)
    }
  }

  async #try(method, path, headers, body) {
    try {
      const options = { method, headers, body, signal: AbortSignal.timeout(TIMEOUT) }
      const response = await fetch(this.baseURL + path, options)
      const { status } = response
      const text = await response.text()
      if (status !== 200) {
        const retryAfter = Number(response.headers.get('Retry-After')) || 0
        return { problem: new VSeeError(status, messageOf(text)), again: mayRepeat(method, status), retryAfter }
      }
      const { data } = JSON.parse(text)
      if (data) return { data }
      throw new TypeError('no data')
    } catch (error) {
      return { problem: new VSeeError(0, error.name), again: method === 'GET', retryAfter: 0 }
    }
  }
}

// After 429 and 503 the call has done nothing. After another 5xx it may have: only a GET is repeated then.
function mayRepeat(method, status) {
  return status === 429 || status === 503 || (method === 'GET' && status >= 500)
}

function tokenHeader(patient) {
  return { 'X-ApiToken': patient.token }
}

// messageOf returns the API's own message. It never has the values that were sent.
function messageOf(text) {
  try {
    return JSON.parse(text).message
  } catch {
    return 'without a message'
  }
}
