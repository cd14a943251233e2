import type { Client } from 'ssh2'
import type { Duplex } from 'node:stream'
import { wrapChannel } from '../channel'
import type { Channel } from '../channel'
import type { KnownHostLine } from '../known-hosts/line'
import { knownHostsOf } from '../known-hosts/store'
import { errorText, sshProblem } from '../problems'
import type { Hop } from '../route'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { ConnectionNote, Negotiated } from '../../../shared/contract/host'
import type { Problem } from '../../../shared/contract/problem'
import { signIn } from './handshake'
import type { HandshakeDeps, SignedIn } from './handshake'
import { renewKeys } from './ssh2-internals'
import type { WireTap } from './wire-tap'

/** When to change keys: RFC 4253 §9 asks for each gigabyte and each hour; ssh2 never does by itself. */
export interface KeyRenewal {
  readonly bytes: number
  readonly milliseconds: number
  /** How often to look. */
  readonly every: number
}
const defaultRenewal: KeyRenewal = { bytes: 1024 ** 3, milliseconds: 3_600_000, every: 5_000 }

export interface LinkDeps extends HandshakeDeps {
  readonly renewal?: KeyRenewal
  dial(signal: AbortSignal): Promise<Answer<Duplex>>
}

/** One signed-in SSH connection to one hop. */
export class Link {
  private gone: Problem | null = null
  private readonly whenGone: ((problem: Problem) => void)[] = []

  readonly client: Client
  readonly negotiated: Negotiated
  readonly notes: readonly ConnectionNote[]
  private readonly tap: WireTap

  private constructor(
    readonly hop: Hop,
    { client, tap, negotiated, notes }: SignedIn,
    renewal: KeyRenewal,
  ) {
    this.client = client
    this.tap = tap
    this.negotiated = negotiated
    this.notes = notes
    let last: Error | null = null
    client.on('error', (error) => (last = error))
    const stop = renewInTime(client, tap, renewal)
    client.on('close', () => {
      stop()
      this.end(last)
    })
  }

  static async open(deps: LinkDeps): Promise<Answer<Link>> {
    const { hop, signal } = deps
    deps.step('dial')
    const knownHosts = hop.trust === undefined ? deps.knownHosts : knownHostsOf(hop.trust)
    let lines: readonly KnownHostLine[]
    try {
      lines = await knownHosts.lines()
    } catch (error) {
      return fail(sshProblem('ssh.knownHostsUnreadable', hop.name, {}, errorText(error)))
    }
    const raw = await deps.dial(signal)
    if (!raw.ok) return raw
    if (signal.aborted) {
      raw.value.destroy()
      return fail(sshProblem('ssh.closed', hop.name))
    }
    const signedIn = await signIn({ ...deps, knownHosts }, lines, raw.value)
    if (!signedIn.ok) return signedIn
    if (signedIn.value.tap.destroyed) return fail(sshProblem('ssh.lost', hop.name))
    return ok(new Link(hop, signedIn.value, deps.renewal ?? defaultRenewal))
  }

  get alive(): boolean {
    return this.gone === null
  }

  /** Called once, also when it is already gone. */
  onGone(callback: (problem: Problem) => void): void {
    if (this.gone !== null) callback(this.gone)
    else this.whenGone.push(callback)
  }

  /** A command on this very connection, for a jump host that may not forward. */
  run(command: string): Promise<Answer<Channel>> {
    const refused = (error: unknown) =>
      fail(sshProblem('ssh.requestRefused', this.hop.name, {}, errorText(error)))
    return new Promise((resolve) => {
      try {
        this.client.exec(command, (error, channel) => {
          if (error) resolve(refused(error))
          else resolve(ok(wrapChannel(channel, true, { released: () => undefined, alive: () => this.alive })))
        })
      } catch (error) {
        resolve(refused(error))
      }
    })
  }

  close(): void {
    this.gone ??= sshProblem('ssh.closed', this.hop.name)
    this.client.end()
    // A peer that does not answer the farewell must not keep the socket.
    setTimeout(() => this.tap.destroy(), 1000).unref()
    this.tell()
  }

  private end(error: Error | null): void {
    this.gone ??= sshProblem('ssh.lost', this.hop.name, {}, error === null ? undefined : errorText(error))
    this.tell()
  }

  private tell(): void {
    const problem = this.gone
    if (problem === null) return
    for (const callback of this.whenGone.splice(0)) callback(problem)
  }
}

function renewInTime(client: Client, tap: WireTap, { bytes, milliseconds, every }: KeyRenewal): () => void {
  let read = tap.bytesRead
  let written = tap.bytesWritten
  let at = Date.now()
  const timer = setInterval(() => {
    const due = tap.bytesRead - read >= bytes || tap.bytesWritten - written >= bytes
    if (!due && Date.now() - at < milliseconds) return
    read = tap.bytesRead
    written = tap.bytesWritten
    at = Date.now()
    renewKeys(client)
  }, every)
  return () => clearInterval(timer)
}
