import type RFB from '@novnc/novnc'
import type { ViewOptions } from './view-options'

/** Longer texts are files, and belong to SFTP. */
const longestText = 1024 * 1024

/**
 * Keeps this computer's clipboard and a display's the same while the display has the focus: theirs comes here when
 * they copy, ours goes there when the display gets the focus. Texts alone, and only if they changed.
 */
export class SharedClipboard {
  readonly #options: ViewOptions
  #last: string | null = null

  constructor(options: ViewOptions) {
    this.#options = options
  }

  async toDisplay(rfb: RFB): Promise<void> {
    if (!this.#options.clipboard || this.#options.viewOnly) return
    const text = await readClipboard()
    if (text === null || text === '' || text === this.#last || text.length > longestText) return
    this.#last = text
    rfb.clipboardPasteFrom(text)
  }

  async fromDisplay(text: string): Promise<void> {
    if (!this.#options.clipboard || text === '' || text === this.#last || text.length > longestText) return
    // Chromium lets a page write only while it has the focus; so does the user.
    if (!document.hasFocus()) return
    this.#last = text
    await navigator.clipboard.writeText(text)
  }
}

/** null: there is no text, or the system does not give it. */
export async function readClipboard(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText()
  } catch {
    return null
  }
}
