import { decode, encode } from '../../shared/codec'
import { problem, type Problem } from '../../shared/contract/problem'
import type { Channel, ChannelEnd, Pty, Transport } from '../ssh'
import type { Launch } from './launch'
import { PieceNames } from './piece-names'
import { endMark, frameMark } from './script-answer'

export interface ConversationOptions {
  readonly launch: Launch
  /** Frames the script's answer. */
  readonly nonce: string
  readonly script: Uint8Array
  /** Of the answer; what goes over ends the conversation. */
  readonly maxBytes: number
  /** For the script itself, from the moment that it is sent. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Written when, and only when, the prompt that `launch` names was seen. Null: none is known. */
  readonly password: string | null
  /** Gets the name of each piece as it begins, for progress. */
  readonly onPiece?: (name: string) => void
}

export type Conversation =
  /** The script ran to its end. */
  | { readonly kind: 'answered'; readonly stdout: Uint8Array }
  /** Whatever starts the shell did not take the password. Nothing ran. */
  | { readonly kind: 'wrongPassword'; readonly said: string }
  /** It asked for a password and none was given. Nothing ran. */
  | { readonly kind: 'passwordAsked'; readonly said: string }
  /** It ended, or went on talking, without ever starting a shell. Nothing ran. */
  | { readonly kind: 'refused'; readonly said: string }
  /** The script was sent and its end was not heard of: it may have run, whole or in part or not at all. */
  | { readonly kind: 'cut'; readonly problem: Problem; readonly stdout: Uint8Array }
  /** No connection, or cancelled, before anything was sent. */
  | { readonly kind: 'failed'; readonly problem: Problem }

/** sudo may wait for LDAP, PAM for its delay after a failure. */
const launchTimeoutMs = 45_000
/** A refused sudo writes its log after its stdin has ended. */
const farewellMs = 5_000
const maxSaid = 16 * 1024

const rawTerminal: Pty = { term: 'dumb', columns: 200, rows: 50, modes: { ECHO: 0, ONLCR: 0 } }

/**
 * One script on a channel of its own, with what has to be said before it. The answer is taken as ended at its
 * last frame, whoever keeps the channel open.
 */
export async function converse(transport: Transport, options: ConversationOptions): Promise<Conversation> {
  const { launch } = options
  const opened = await transport.open(launch.command, {
    ...(launch.pty ? { pty: rawTerminal } : {}),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (!opened.ok) return { kind: 'failed', problem: opened.problem }
  return new Promise((resolve) => new Exchange(opened.value, options, resolve))
}

class Exchange {
  readonly #channel: Channel
  readonly #options: ConversationOptions
  readonly #settle: (result: Conversation) => void
  readonly #out: Buffer[] = []
  readonly #outEnd = new Tail()
  readonly #prompts = { out: new Tail(), err: new Tail() }
  readonly #abort = () => this.#giveUp(problem('app.cancelled'))
  #outBytes = 0
  readonly #pieces: PieceNames | null
  #said = ''
  #sent = false
  #passwordSent = false
  #leaving: 'wrongPassword' | 'passwordAsked' | null = null
  #settled = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(channel: Channel, options: ConversationOptions, settle: (result: Conversation) => void) {
    this.#channel = channel
    this.#options = options
    this.#settle = settle
    this.#pieces = options.onPiece === undefined ? null : new PieceNames(options.nonce, options.onPiece)
    options.signal?.addEventListener('abort', this.#abort)
    channel.stream.on('data', (chunk: Buffer) => this.#hearOut(chunk))
    channel.stderr?.on('data', (chunk: Buffer) => this.#hearErr(chunk))
    // A stream's error is followed by the channel's end, which is what counts.
    channel.stream.on('error', () => undefined)
    void channel.closed.then((end) => this.#closed(end))
    this.#clock(launchTimeoutMs)
    if (options.signal?.aborted === true) this.#abort()
    else if (options.launch.ready === null) this.#send()
  }

  #hearOut(chunk: Buffer): void {
    if (this.#settled) return
    if (this.#sent) return this.#hearAnswer(chunk)
    this.#say(chunk)
    this.#hearPrompt(chunk, this.#prompts.out)
    const { ready } = this.#options.launch
    if (this.#leaving === null && ready !== null && this.#outEnd.saw(ready, chunk)) this.#send()
  }

  #hearErr(chunk: Buffer): void {
    if (this.#settled) return
    this.#say(chunk)
    if (!this.#sent) this.#hearPrompt(chunk, this.#prompts.err)
  }

  #hearAnswer(chunk: Buffer): void {
    this.#outBytes += chunk.length
    this.#out.push(chunk)
    this.#pieces?.hear(chunk)
    if (this.#outEnd.saw(endMark(this.#options.nonce), chunk))
      return this.#finish({ kind: 'answered', stdout: Buffer.concat(this.#out) })
    if (this.#outBytes > this.#options.maxBytes)
      this.#giveUp(problem('host.answerTooLarge', { bytes: this.#options.maxBytes }))
  }

  #hearPrompt(chunk: Buffer, tail: Tail): void {
    const { launch, password } = this.#options
    if (launch.prompt === null || this.#leaving !== null || !tail.saw(launch.prompt, chunk)) return
    if (password === null) return this.#leave('passwordAsked')
    if (this.#passwordSent) return this.#leave('wrongPassword')
    this.#passwordSent = true
    this.#channel.stream.write(Buffer.concat([encode(password), Buffer.from('\n')]))
  }

  #say(chunk: Buffer): void {
    if (this.#said.length < maxSaid) this.#said = (this.#said + decode(chunk)).slice(0, maxSaid)
  }

  #send(): void {
    this.#sent = true
    this.#clock(this.#options.timeoutMs)
    // A pty has no end of file in raw mode; the script ends itself.
    if (this.#options.launch.pty) this.#channel.stream.write(this.#options.script)
    else this.#channel.stream.end(this.#options.script)
  }

  /** Nothing was started: lets whoever asks for the password end, so that it writes its log once and no more. */
  #leave(kind: 'wrongPassword' | 'passwordAsked'): void {
    this.#leaving = kind
    if (this.#options.launch.pty) this.#channel.close()
    else this.#channel.stream.end()
    this.#clock(farewellMs)
  }

  #closed(end: ChannelEnd): void {
    if (this.#leaving !== null) return this.#finish({ kind: this.#leaving, said: this.#said })
    if (!this.#sent) {
      if (end.lost) return this.#giveUp(problem('host.connectionLost'))
      return this.#finish({ kind: this.#passwordSent ? 'wrongPassword' : 'refused', said: this.#said })
    }
    const answer = Buffer.concat(this.#out)
    // Ended by itself without one frame: what should have become the shell was not it.
    if (!end.lost && end.code !== null && answer.indexOf(frameMark(this.#options.nonce)) === -1)
      return this.#finish({ kind: 'refused', said: this.#said + decode(answer.subarray(0, maxSaid)) })
    this.#giveUp(end.lost ? problem('host.connectionLost') : problem('host.answerCut', {}, this.#detail()))
  }

  #clock(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#leaving !== null) this.#finish({ kind: this.#leaving, said: this.#said })
      else if (this.#sent || !this.#asksForPassword())
        this.#giveUp(problem('host.noAnswer', { seconds: Math.round(milliseconds / 1000) }, this.#detail()))
      else this.#finish({ kind: 'refused', said: this.#said })
    }, milliseconds)
  }

  #asksForPassword(): boolean {
    return this.#options.launch.prompt !== null
  }

  #detail(): { readonly detail?: string } {
    return this.#said === '' ? {} : { detail: this.#said.slice(-2000) }
  }

  #giveUp(why: Problem): void {
    if (this.#sent) this.#finish({ kind: 'cut', problem: why, stdout: Buffer.concat(this.#out) })
    else this.#finish({ kind: 'failed', problem: why })
  }

  #finish(result: Conversation): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#channel.close()
    this.#settle(result)
  }
}

/** Looks for a mark that the borders of chunks may cut. */
class Tail {
  #rest: Buffer = Buffer.alloc(0)

  saw(mark: Uint8Array, chunk: Buffer): boolean {
    const text = Buffer.concat([this.#rest, chunk])
    const at = text.indexOf(mark)
    this.#rest = at === -1 ? text.subarray(-(mark.length - 1)) : text.subarray(at + mark.length)
    return at !== -1
  }
}
