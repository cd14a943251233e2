import { assertNever } from '../../../shared/assert-never'
import { fail, ok, type Answer } from '../../../shared/contract/answer'
import { problem, type Problem } from '../../../shared/contract/problem'
import { streamUpSchema, type StreamDown } from '../../../shared/contract/stream'
import { displayOf, type DesktopState, type Endpoint, type VncDisplay } from '../../../shared/model/desktop'
import type { Job, Ran } from '../../host/run'
import type { StreamPort } from '../../host/stream-port'
import { detailText } from '../../ssh/problems'
import type { Asker, Channel, Transport } from '../../ssh'
import { Joint } from './joint'
import { readAnswers } from './part'
import type { Passwords } from './passwords'
import { reach } from './reach'
import { shakeHands } from './rfb/handshake'
import { desktopSections } from './script'
import { DisplayKeys } from './display-keys'

export interface ViewDeps {
  /** Profile id. */
  readonly id: string
  /** The host as the user knows it. */
  readonly name: string
  readonly transport: () => Answer<Transport>
  /** The displays as a view shows them now; null: nothing fresh is known. */
  readonly known: () => DesktopState | null
  readonly run: (job: Job) => Promise<Ran>
  readonly asker: Asker
  readonly passwords: Passwords
  /** Whether nothing may be done on the host but looking. Asked for each message of the viewer. */
  readonly readOnly: () => boolean
}

/**
 * Joins a display of the host to the port. The port hears `opened` or `end` first; `end` is always the last. What
 * the display asks for is answered here: the viewer is told that nothing is asked.
 */
export function openDesktop(deps: ViewDeps, params: { readonly display: number }, port: StreamPort): void {
  void new View(deps, params.display, port).run()
}

class View {
  readonly #deps: ViewDeps
  readonly #number: number
  readonly #port: StreamPort
  readonly #stop = new AbortController()
  #channel: Channel | null = null
  #joint: Joint | null = null
  #ended = false

  constructor(deps: ViewDeps, number: number, port: StreamPort) {
    this.#deps = deps
    this.#number = number
    this.#port = port
    port.on('message', ({ data }) => this.#receive(data))
    port.on('close', () => this.#leave())
    port.start()
  }

  async run(): Promise<void> {
    const transport = this.#deps.transport()
    if (!transport.ok) return this.#end(transport.problem)
    const joined = await this.#join(transport.value)
    if (!joined.ok) return this.#end(joined.problem)
    const { channel } = joined.value
    if (this.#ended) return channel.close()
    const { lost } = await channel.closed
    this.#end(lost ? problem('ssh.lost', {}, { host: this.#deps.name }) : this.#problem('desktop.closed'))
  }

  /** What a page shows is taken for true first, which saves a question to the host. */
  async #join(transport: Transport): Promise<Answer<Joined>> {
    const state = this.#deps.known()
    const known = state === null ? null : displayOf(state, this.#number)
    if (known !== null && known.endpoint !== null) {
      const joined = await this.#signIn(transport, known, known.endpoint)
      if (joined.ok || !mayBeElsewhere(joined.problem)) return joined
    }
    const found = await this.#find()
    if (!found.ok) return found
    const { endpoint } = found.value
    return endpoint === null
      ? fail(this.#problem('desktop.noEndpoint'))
      : this.#signIn(transport, found.value, endpoint)
  }

  /** As it is now: a display may have been started anew since the page was told of it. */
  async #find(): Promise<Answer<VncDisplay>> {
    const ran = await this.#deps.run({
      sections: desktopSections.slice(0, 1),
      need: 'none',
      signal: this.#stop.signal,
    })
    if (!ran.ok) return ran
    const read = readAnswers(this.#deps.id, ran.value.answer.sections[0], undefined)
    if (!read.ok) return read
    const display = displayOf(read.value, this.#number)
    return display === null ? fail(this.#problem('desktop.gone')) : ok(display)
  }

  /** Each wrong password is one try on the host, on a connection of its own: servers close after a wrong one. */
  async #signIn(transport: Transport, display: VncDisplay, endpoint: Endpoint): Promise<Answer<Joined>> {
    const keys = new DisplayKeys(this.#deps, display, this.#stop.signal)
    for (;;) {
      const reached = await reach(transport, endpoint)
      if (!reached.ok) return reached
      const channel = reached.value
      this.#channel = channel
      if (this.#ended) {
        channel.close()
        return fail(problem('app.cancelled'))
      }
      // The end of a channel is told by `closed`; its error comes before that.
      channel.stream.on('error', () => undefined)
      keys.begin()
      const hands = await shakeHands(channel.stream, keys.credentials)
      if (hands.kind === 'ready') {
        keys.right()
        hands.stream.on('error', () => undefined)
        this.#send({ type: 'opened' })
        this.#joint = new Joint(hands.stream, this.#deps.readOnly, (message) => this.#send(message))
        return ok({ channel })
      }
      channel.close()
      switch (hands.kind) {
        case 'cancelled':
          return fail(problem('app.cancelled'))
        case 'passwordWrong':
          if (keys.wrong()) continue
          return fail(this.#problem('desktop.passwordWrong', {}, hands.said))
        case 'refused':
          return fail(this.#problem('desktop.refused', {}, hands.said))
        case 'unsupported':
          return fail(this.#problem('desktop.securityUnsupported', { types: hands.offered.join(', ') }))
        case 'notRfb':
          return fail(this.#problem('desktop.notRfb'))
        case 'ended':
          // It may have had no patience with the user's typing; what was typed is then tried once more.
          if (keys.late()) continue
          return fail(this.#problem('desktop.closed'))
        default:
          return assertNever(hands)
      }
    }
  }

  #receive(data: unknown): void {
    if (this.#ended) return
    const message = streamUpSchema.safeParse(data)
    if (!message.success) return this.#refuse()
    switch (message.data.type) {
      case 'data':
        if (this.#joint?.write(message.data.bytes) === false) this.#refuse()
        return
      case 'credit':
        this.#joint?.credit(message.data.bytes)
        return
      case 'resize':
        return
      case 'close':
        return this.#leave()
      default:
        assertNever(message.data)
    }
  }

  #refuse(): void {
    this.#end(problem('app.invalidRequest', { method: 'desktop.view' }))
    this.#hangUp()
  }

  /** The tab is gone. The desktop stays. */
  #leave(): void {
    if (this.#ended) return
    this.#ended = true
    this.#hangUp()
    this.#port.close()
  }

  #hangUp(): void {
    this.#stop.abort()
    this.#channel?.close()
  }

  #send(message: StreamDown): void {
    if (!this.#ended) this.#port.postMessage(message)
  }

  #end(why: Problem): void {
    if (this.#ended) return
    this.#port.postMessage({ type: 'end', problem: why, code: null })
    this.#ended = true
    this.#stop.abort()
    this.#port.close()
  }

  #problem(
    code: Extract<Problem['code'], `desktop.${string}`>,
    params: Problem['params'] = {},
    said = '',
  ): Problem {
    const detail = said === '' ? {} : { detail: detailText(said) }
    return problem(code, { display: this.#number, ...params }, { host: this.#deps.name, ...detail })
  }
}

/** The display may have ended, or been started anew, since it was read. */
function mayBeElsewhere({ code }: Problem): boolean {
  return code === 'ssh.forwardFailed' || code === 'desktop.closed' || code === 'desktop.notRfb'
}

type Joined = { readonly channel: Channel }
