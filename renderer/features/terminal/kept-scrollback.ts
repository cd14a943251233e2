import { SerializeAddon } from '@xterm/addon-serialize'
import type { Terminal } from '@xterm/xterm'

/** Lines of scrollback that survive the page, beside the screen: enough to see what was being done. */
const keptLines = 1000
/** Between two savings while something is drawn: a crash loses at most this much. */
const savePauseMs = 2000
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

  constructor(terminal: Terminal, tab: string) {
    this.#key = `terminal:${tab}`
    terminal.loadAddon(this.#serialize)
    const kept = sessionStorage.getItem(this.#key)
    if (kept !== null) terminal.write(kept)
    terminal.onWriteParsed(() => (this.#timer ??= setTimeout(() => this.#save(), savePauseMs)))
  }

  /** The tab was closed: nothing of it is kept. */
  forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    sessionStorage.removeItem(this.#key)
  }

  #save(): void {
    this.#timer = null
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
