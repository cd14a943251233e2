import type { Client, ClientChannel } from 'ssh2'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { Problem } from '../../../shared/contract/problem'
import { errorText, sshProblem } from '../problems'
import type { Link } from './link'

/** sshd_config(5): MaxSessions is 10 unless the host says otherwise. What a host really takes is learned. */
const assumedLimit = 10
const maxLinks = 8
/** A command waits this long for another to end before a connection of its own is opened for it. */
const commandPatienceMs = 300
const openTimeoutMs = 30_000
/**
 * sshd frees a session in the round after it has read its CLOSE, and an OPEN that came in the same packet is refused
 * as one too many (channels.c, channel_garbage_collect). A refusal so soon after an end says nothing of MaxSessions.
 */
const endingMs = 500
const endingTries = 10
const endingPauseMs = 100

export type SessionKind = 'command' | 'stream' | 'terminal'
export type OpenSession<T> = (client: Client, done: (error: Error | undefined, opened: T) => void) => void

interface Slot {
  readonly link: Link
  /** Sessions open or being opened. */
  busy: number
  confirmed: number
  highWater: number
  /** When a session last ended, in milliseconds since 1970. */
  endedAt: number
}

export interface Opened<T> {
  readonly opened: T
  readonly link: Link
  /** Gives the place back; more calls do nothing. */
  release(): void
}

/**
 * Shares the session channels of one host among all that want one, over as many connections as its MaxSessions
 * makes necessary. A place is kept for terminals, so that a person does not wait for machines.
 */
export class SessionPool {
  private readonly slots: Slot[] = []
  private readonly waiting = new Set<() => void>()
  private opening: Promise<Answer<Link>> | null = null
  /** null: the host has not refused one yet. */
  limit: number | null = null

  constructor(
    private readonly host: string,
    /** Another connection of the same route. */
    private readonly openLink: () => Promise<Answer<Link>>,
    private readonly learned: (limit: number) => void,
  ) {}

  add(link: Link): void {
    const slot: Slot = { link, busy: 0, confirmed: 0, highWater: 0, endedAt: 0 }
    this.slots.push(slot)
    link.onGone(() => {
      const index = this.slots.indexOf(slot)
      if (index >= 0) this.slots.splice(index, 1)
      this.wake()
    })
    this.wake()
  }

  get links(): readonly Link[] {
    return this.slots.map(({ link }) => link)
  }

  async open<T>(kind: SessionKind, start: OpenSession<T>, signal: AbortSignal): Promise<Answer<Opened<T>>> {
    const begun = Date.now()
    let emptyRefusals = 0
    let endingRefusals = 0
    for (;;) {
      if (signal.aborted) return fail(this.cancelled(signal))
      const slot = this.pick(kind)
      if (slot !== undefined) {
        const attempt = await this.attempt(slot, start, signal)
        if (attempt.kind === 'opened') return ok(attempt.value)
        if (attempt.kind === 'failed') return fail(attempt.problem)
        if (Date.now() - slot.endedAt < endingMs && ++endingRefusals < endingTries) {
          await this.pause(signal, endingPauseMs)
          continue
        }
        this.learn(slot)
        // Refused though nothing is open: the host still counts a session that is ending, or allows none.
        if (attempt.none && ++emptyRefusals > 5) {
          return fail(sshProblem('ssh.sessionRefused', this.host, { limit: 0 }, attempt.text))
        }
        if (attempt.none) await this.wait(signal, 200)
        continue
      }
      if (this.slots.length === 0) return fail(sshProblem('ssh.lost', this.host))
      const patience = kind === 'command' ? commandPatienceMs - (Date.now() - begun) : 0
      if (this.slots.length >= maxLinks) await this.wait(signal, 60_000)
      else if (patience > 0) await this.wait(signal, patience)
      else {
        this.opening ??= this.overflow()
        const link = await this.opening
        if (!link.ok) {
          if (kind !== 'command') return link
          await this.wait(signal, 1000)
        }
      }
    }
  }

  private async overflow(): Promise<Answer<Link>> {
    try {
      const link = await this.openLink()
      if (link.ok) this.add(link.value)
      return link
    } finally {
      this.opening = null
    }
  }

  private pick(kind: SessionKind): Slot | undefined {
    const limit = this.limit ?? assumedLimit
    const usable = kind === 'command' && limit >= 4 ? limit - 2 : limit
    return this.slots.find((slot) => slot.busy < usable)
  }

  private async attempt<T>(
    slot: Slot,
    start: OpenSession<T>,
    signal: AbortSignal,
  ): Promise<
    | { kind: 'opened'; value: Opened<T> }
    | { kind: 'failed'; problem: Problem }
    | { kind: 'refused'; none: boolean; text: string }
  > {
    slot.busy++
    let released = false
    const giveBack = () => {
      if (released) return
      released = true
      slot.busy--
      this.wake()
    }
    const result = await this.race(slot.link, start, signal)
    if (result.kind === 'opened') {
      slot.confirmed++
      slot.highWater = Math.max(slot.highWater, slot.confirmed)
      const release = () => {
        if (!released) {
          slot.confirmed--
          slot.endedAt = Date.now()
        }
        giveBack()
      }
      return { kind: 'opened', value: { opened: result.opened, link: slot.link, release } }
    }
    giveBack()
    if (result.kind === 'failed') return result
    return { kind: 'refused', none: slot.confirmed === 0, text: result.text }
  }

  private learn(slot: Slot): void {
    const held = Math.max(slot.confirmed, slot.highWater)
    if (held === 0 || held === this.limit) return
    this.limit = held
    this.learned(held)
  }

  private race<T>(
    link: Link,
    start: OpenSession<T>,
    signal: AbortSignal,
  ): Promise<
    { kind: 'opened'; opened: T } | { kind: 'failed'; problem: Problem } | { kind: 'refused'; text: string }
  > {
    return new Promise((resolve) => {
      let settled = false
      const finish = (value: Parameters<typeof resolve>[0]) => {
        settled = true
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        resolve(value)
      }
      const abort = () => finish({ kind: 'failed', problem: this.cancelled(signal) })
      const timer = setTimeout(
        () =>
          finish({
            kind: 'failed',
            problem: sshProblem('ssh.timeout', this.host, { seconds: openTimeoutMs / 1000 }),
          }),
        openTimeoutMs,
      )
      signal.addEventListener('abort', abort)
      try {
        start(link.client, (error, opened) => {
          if (settled) {
            // Too late: nobody wants it any more.
            if (error === undefined) closeLate(opened)
            return
          }
          if (error === undefined) finish({ kind: 'opened', opened })
          else if (!link.alive || /no response from server|not connected/i.test(errorText(error))) {
            finish({ kind: 'failed', problem: sshProblem('ssh.lost', this.host, {}, errorText(error)) })
          } else if (isOpenFailure(error)) finish({ kind: 'refused', text: errorText(error) })
          else
            finish({
              kind: 'failed',
              problem: sshProblem('ssh.requestRefused', this.host, {}, errorText(error)),
            })
        })
      } catch (error) {
        finish({ kind: 'failed', problem: sshProblem('ssh.lost', this.host, {}, errorText(error)) })
      }
    })
  }

  private cancelled(signal: AbortSignal): Problem {
    const reason: unknown = signal.reason
    return isProblem(reason) ? reason : { code: 'app.cancelled', host: this.host, params: {} }
  }

  /** Until a place may have become free, or the time is over. */
  private wait(signal: AbortSignal, milliseconds: number): Promise<void> {
    return this.pause(signal, milliseconds, this.waiting)
  }

  private pause(signal: AbortSignal, milliseconds: number, wakers?: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        wakers?.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      wakers?.add(done)
      signal.addEventListener('abort', done)
    })
  }

  private wake(): void {
    for (const done of [...this.waiting]) done()
  }
}

/** ssh2 puts the reason code of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254 §5.1) on the error. */
export function isOpenFailure(error: Error): error is Error & { readonly reason: number | string } {
  return 'reason' in error
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'params' in value
}

function closeLate(opened: unknown): void {
  if (typeof opened !== 'object' || opened === null) return
  const channel = opened as Partial<ClientChannel>
  channel.close?.()
}
