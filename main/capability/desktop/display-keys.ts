import { encode } from '../../../shared/codec'
import type { VncDisplay } from '../../../shared/model/desktop'
import type { Job, Ran } from '../../host/run'
import type { Asker } from '../../ssh'
import { passwordFileSection, passwordIn } from './password-file'
import type { Passwords } from './passwords'
import type { Credentials } from './rfb/handshake'

export interface DisplayKeysDeps {
  /** The host as the user knows it. */
  readonly name: string
  readonly run: (job: Job) => Promise<Ran>
  readonly asker: Asker
  readonly passwords: Passwords
}

type Given = { readonly user: string; readonly password: Uint8Array }

/**
 * What may open a display, in this order: what was right before, the password file of an own display, what the user
 * says. Nothing is tried twice.
 */
export class DisplayKeys {
  readonly #deps: DisplayKeysDeps
  readonly #display: VncDisplay
  readonly #signal: AbortSignal
  readonly #key: string
  readonly #tried = new Set<'kept' | 'file'>()
  #attempt = 0
  /** Given in the present connection, and not yet known to be wrong. */
  #given: (Given & { readonly typed: boolean }) | null = null
  #typedInTime: Given | null = null

  constructor(deps: DisplayKeysDeps, display: VncDisplay, signal: AbortSignal) {
    this.#deps = deps
    this.#display = display
    this.#signal = signal
    this.#key = `:${display.number} ${display.owner.uid}`
  }

  begin(): void {
    this.#given = null
  }

  readonly credentials: Credentials = async (kind) => {
    const given = await this.#next(kind)
    this.#given = given
    return given
  }

  right(): void {
    if (this.#given?.typed === true) this.#deps.passwords.keep(this.#key, this.#given)
  }

  /** Whether there is more to try. */
  wrong(): boolean {
    this.#deps.passwords.forget(this.#key)
    this.#typedInTime = null
    return this.#given !== null
  }

  /** Whether the connection ended although something was there to be tried. */
  late(): boolean {
    if (this.#given === null || !this.#given.typed || this.#typedInTime !== null) return false
    this.#typedInTime = this.#given
    return true
  }

  async #next(kind: 'vnc' | 'plain'): Promise<(Given & { readonly typed: boolean }) | null> {
    if (this.#typedInTime !== null) return { ...this.#typedInTime, typed: true }
    const kept = this.#deps.passwords.get(this.#key)
    if (kept !== null && !this.#tried.has('kept')) {
      this.#tried.add('kept')
      return { ...kept, typed: false }
    }
    if (kind === 'vnc' && !this.#tried.has('file')) {
      this.#tried.add('file')
      const password = await this.#fromFile()
      if (password !== null) return { user: '', password, typed: false }
    }
    return this.#ask(kind)
  }

  /** The login's own display: it may read the file that the display reads, so the user need not type it. */
  async #fromFile(): Promise<Uint8Array | null> {
    const ran = await this.#deps.run({
      sections: [passwordFileSection(this.#display.pid)],
      need: 'none',
      signal: this.#signal,
    })
    return ran.ok ? passwordIn(ran.value.answer.sections[0]) : null
  }

  async #ask(kind: 'vnc' | 'plain'): Promise<(Given & { readonly typed: boolean }) | null> {
    this.#attempt += 1
    // The window names it, in the user's language.
    const secret = { text: '', echo: false }
    const answers = await this.#deps.asker.prompt(
      {
        host: this.#deps.name,
        title: `VNC :${this.#display.number}`,
        instruction: this.#display.title ?? '',
        prompts: kind === 'plain' ? [{ text: 'User', echo: true }, secret] : [secret],
        purpose: 'vnc',
        attempt: this.#attempt,
      },
      this.#signal,
    )
    const password = answers?.at(-1)
    if (answers === null || password === undefined) return null
    return { user: kind === 'plain' ? (answers[0] ?? '') : '', password: encode(password), typed: true }
  }
}
