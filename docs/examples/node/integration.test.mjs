// Tests of the integration: the client and the receiver of this folder against a mock. They run at the same time.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { Mock } from './mock.mjs'
import { Receiver, urlOf } from './receiver.mjs'
import { VSee } from './vsee.mjs'

const SECRET = 'whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=='
const INSURER = 'car7556'

describe('the integration', { concurrency: true }, () => {
  let mock
  before(async () => {
    mock = await Mock.start()
  })
  after(() => mock?.stop())

  // A test gets a clinic, a client that waits by the clinic's clock, and a receiver that listens.
  const withParts = (body) => async () => {
    const receiver = new Receiver([SECRET])
    const server = await receiver.listen(0, '127.0.0.1')
    try {
      await mock.withClinic({ webhook: { url: urlOf(server), secret: SECRET } }, (clinic) => {
        const { base_url: baseURL, account_code: accountCode, api_key: key, api_secret: secret } = clinic.settings
        const sleep = (seconds) => clinic.advance(`${seconds}s`)
        const client = new VSee({ baseURL, accountCode, key, secret, token: clinic.settings.admin_token, sleep })
        return body({ clinic, client, receiver })
      })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  }

  // patientWith signs a patient on with the number on their card.
  const patientWith = async (client, subscriberNum) => {
    const fields = { first_name: 'Edward', last_name: 'VSee', dob: '1986-01-01', gender: 1 }
    const patient = await client.signOn('mine-1', fields)
    await client.storeInsurance(patient, INSURER, subscriberNum)
    return patient
  }

  // deliveries returns the status of each attempt to deliver an event, the first one first.
  const deliveries = async (clinic) => (await clinic.all('deliveries')).map((attempt) => attempt.status).reverse()

  it('lists the insurers of the clinic', withParts(async ({ client }) => {
    const insurers = await client.insurers()
    assert.equal(insurers.find((insurer) => insurer.id === INSURER)?.name, 'HEALTH CHOICE ARIZONA')
  }))

  it('has the result of an eligible patient by webhook and by GET', withParts(async ({ clinic, client, receiver }) => {
    const patient = await patientWith(client, '234234')
    const check = await client.startCheck(patient, INSURER)
    assert.equal(await client.result(patient), undefined)
    await clinic.advance('10s')
    assert.equal(await client.result(patient), 'Success')
    const taken = receiver.results.get(patient.id)
    assert.deepEqual([taken.eligibility_id, taken.eligibility_response], [check, 'Success'])
  }))

  it('has the reason of the insurer for an ineligible patient', withParts(async ({ clinic, client, receiver }) => {
    const patient = await patientWith(client, '11000075')
    await client.startCheck(patient, INSURER)
    await clinic.advance('10s')
    assert.equal(await client.result(patient), 'Subscriber/Insured not found')
    assert.equal(receiver.results.get(patient.id).eligibility_response, 'Subscriber/Insured not found')
  }))

  it('has no result from an insurer that never answers', withParts(async ({ clinic, client, receiver }) => {
    await clinic.answer('9001', 'silent')
    const patient = await patientWith(client, '9001')
    await client.startCheck(patient, INSURER)
    await clinic.advance('24h')
    assert.equal((await clinic.all('checks'))[0].status, 'pending')
    assert.equal(receiver.results.size, 0)
  }))

  it('has a late answer after its time', withParts(async ({ clinic, client, receiver }) => {
    await clinic.answer('9002', '{text: Success, after: 10m}')
    const patient = await patientWith(client, '9002')
    await client.startCheck(patient, INSURER)
    await clinic.advance('9m59s')
    assert.equal(await client.result(patient), undefined)
    await clinic.advance('1s')
    assert.equal(await client.result(patient), 'Success')
    assert.equal(receiver.results.get(patient.id).eligibility_response, 'Success')
  }))

  it('counts a duplicate event once', withParts(async ({ clinic, client, receiver }) => {
    await clinic.answer('9003', '{text: Success, webhook: {duplicate: 2}}')
    await client.startCheck(await patientWith(client, '9003'), INSURER)
    await clinic.advance('10s')
    assert.deepEqual(await deliveries(clinic), [204, 204])
    assert.equal(receiver.processed, 1)
  }))

  it('refuses an event with a forged signature', withParts(async ({ clinic, client, receiver }) => {
    await clinic.answer('9004', '{text: Success, webhook: {signature: bad, attempts: 1}}')
    await client.startCheck(await patientWith(client, '9004'), INSURER)
    await clinic.advance('10s')
    assert.equal(receiver.results.size, 0)
    await clinic.advance('5s') // the mock tries again, this time with the right signature
    assert.deepEqual(await deliveries(clinic), [401, 204])
    assert.equal(receiver.processed, 1)
  }))

  it('repeats a call that finds the server busy', withParts(async ({ clinic, client }) => {
    const patient = await patientWith(client, '234234')
    const fault = { operation: 'startEligibilityCheck', status: 503, retry_after: '30s', until_retry_after: true }
    await clinic.control('PUT', '/faults', [fault])
    await client.startCheck(patient, INSURER)
    assert.equal((await clinic.all('faults'))[0].befallen, 1)
    assert.equal((await clinic.all('checks')).length, 1)
  }))

  for (const broken of ['reset', 'truncated', 'malformed', 'html']) {
    it(`reads a reply again that is broken: ${broken}`, withParts(async ({ clinic, client }) => {
      const patient = await patientWith(client, '234234')
      await clinic.control('PUT', '/faults', [{ operation: 'getUser', times: 2, [broken]: true }])
      assert.equal(await client.result(patient), undefined)
      assert.equal((await clinic.all('faults'))[0].befallen, 2)
    }))
  }

  it('sends a call once that fails in the server', withParts(async ({ clinic, client }) => {
    const patient = await patientWith(client, '234234')
    await clinic.control('PUT', '/faults', [{ operation: 'startEligibilityCheck', status: 500 }])
    await assert.rejects(client.startCheck(patient, INSURER), { status: 500 })
    assert.equal((await clinic.all('faults'))[0].befallen, 1)
  }))

  it('follows a claim until it is paid', withParts(async ({ clinic, client }) => {
    const patient = await patientWith(client, '234234')
    await client.startCheck(patient, INSURER)
    await clinic.advance('10s')
    const id = await client.submitClaim(patient, {
      carrier_code: INSURER, encounter_date: '2026-01-31', facility_code: 'AWC', diagnoses: ['R05.9'],
      lines: [{ procedure_code: '99211', diagnosis_pointers: [1] }],
    })
    assert.equal((await client.claim(patient, id)).status, 'submitted')
    await clinic.advance('15m')
    assert.equal((await client.claim(patient, id)).status, 'paid')
  }))
})
