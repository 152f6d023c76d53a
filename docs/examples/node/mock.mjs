// Starts vsee-mock for the tests of a file, and gives each test a clinic of its own.
//
// VSEE_MOCK is the path of vsee-mock. Without it, the mock is built from the clone that has this file.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CLONE = fileURLToPath(new URL('../../..', import.meta.url))

export class Mock {
  // start returns the mock once it listens.
  static async start() {
    const mock = new Mock()
    const folder = mkdtempSync(join(tmpdir(), 'vsee-mock-'))
    mock.logFile = join(folder, 'log')
    process.once('exit', () => { // of the tests, however they end
      mock.child?.kill()
      rmSync(folder, { recursive: true })
    })
    let program = process.env.VSEE_MOCK
    if (!program) {
      if (!existsSync(join(CLONE, 'go.mod'))) throw new Error('VSEE_MOCK must be the path of vsee-mock')
      program = join(folder, 'vsee-mock')
      execFileSync('go', ['build', '-C', CLONE, '-o', program, './cmd/vsee-mock'], { stdio: 'inherit' })
    }
    if (!existsSync(program)) throw new Error('VSEE_MOCK must be the path of vsee-mock: there is no such file')
    const flags = ['serve', '--listen', '127.0.0.1:0', '--log-format', 'json']
    mock.child = spawn(program, flags, { stdio: ['ignore', 'pipe', openSync(mock.logFile, 'w')] })
    const ended = once(mock.child, 'exit').then(() => {
      throw new Error(`the mock did not start: ${readFileSync(mock.logFile)}`)
    })
    const [first] = await Promise.race([once(createInterface(mock.child.stdout), 'line'), ended])
    ended.catch(() => {}) // it ends by stop
    mock.address = JSON.parse(first).base_url.replace('/api_v3', '')
    return mock
  }

  async stop() {
    const ended = once(this.child, 'exit')
    this.child.kill()
    await ended
  }

  // withClinic calls body with a clinic. When it fails, the lines of the mock's log about the clinic are printed.
  async withClinic(settings, body) {
    const clinic = new Clinic(this.address + '/_mock/clinics')
    clinic.settings = await clinic.control('POST', '', { clock: { freeze: true }, ...settings })
    clinic.url += `/${clinic.settings.account_code}`
    try {
      await body(clinic)
    } catch (error) {
      const mark = `"clinic":"${clinic.settings.account_code}"`
      console.error(readFileSync(this.logFile, 'utf8').split('\n').filter((line) => line.includes(mark)).join('\n'))
      throw error
    }
  }
}

// A Clinic has a clock that stands still until advance moves it. Its settings are those of the control API.
class Clinic {
  files = {} // its scenarios

  constructor(url) {
    this.url = url
  }

  async control(method, path, body) {
    const response = await fetch(this.url + path, { method, body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`)
    return text ? JSON.parse(text) : null
  }

  // all returns the clinic's checks, claims, events, deliveries or faults, the newest first.
  async all(kind) {
    return (await this.control('GET', `/${kind}`)).data
  }

  // advance moves the clock by a time such as 10s. It returns when all work due on the way is done, webhooks included.
  advance(by) {
    return this.control('POST', '/clock', { advance: by })
  }

  // answer answers the checks of a subscriber, in the words of a scenario.
  answer(subscriberNum, answer) {
    const text = `title: Of this test\nwhen: {subscriber_num: "${subscriberNum}"}\nanswer: ${answer}\n`
    this.files[`${subscriberNum}.yaml`] = text
    return this.control('PUT', '/scenarios', { files: this.files })
  }
}
