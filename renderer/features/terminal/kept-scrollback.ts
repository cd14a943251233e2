import { SerializeAddon } from '@xterm/addon-serialize'
import type { Terminal } from '@xterm/xterm'

/** Lines of scrollback that survive the page, beside the screen: enough to see what was being done. */
const keptLines = 1000
/** What is drawn is saved once it is quiet for so long: in a flood every saving would cost what nobody reads. */
const quietMs = 1500
/** But a program that never falls quiet is saved this often. */
const longestMs = 30_000
/** A page's session storage takes some 5 million characters in all. */
const keptCharacters = 400_000

/**
 * Keeps what a terminal shows for as long as its window lives, so that the page may crash or be loaded anew and show
 * it again. Session storage, never a file: what a host printed may be secret, and is gone with the window.
 */
export class KeptScrollback {
  readonly #key: string
  readonly #serialize = new SerializeAddon()
  #timer: ReturnType<typeof setTimeout> | null = null
  #savedAt = performance.now()

  constructor(terminal: Terminal, tab: string) {
    this.#key = `terminal:${tab}`
    terminal.loadAddon(this.#serialize)
    const kept = sessionStorage.getItem(this.#key)
    if (kept !== null) terminal.write(kept)
    terminal.onWriteParsed(() => this.#schedule())
  }

  /** The tab was closed: nothing of it is kept. */
  forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    sessionStorage.removeItem(this.#key)
  }

  #schedule(): void {
    if (this.#timer !== null && performance.now() - this.#savedAt > longestMs) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#save(), quietMs)
  }

  #save(): void {
    this.#timer = null
    this.#savedAt = performance.now()
    const text = this.#serialize.serialize({
      scrollback: keptLines,
      excludeModes: true,
      excludeAltBuffer: true,
    })
    // A cut in the middle would end inside an escape sequence, so what is too long is not kept at all.
    if (text.length <= keptCharacters) sessionStorage.setItem(this.#key, text)
    else sessionStorage.removeItem(this.#key)
  }
}
