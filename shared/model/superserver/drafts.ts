import { digestOfText, type Step } from '../change'
import type { XinetdState } from './state'

/** The files as they are being edited. */
export class Drafts {
  readonly #texts = new Map<string, string>()
  readonly #before: XinetdState

  constructor(before: XinetdState) {
    this.#before = before
  }

  /** null: the file was not read. */
  text(path: string): string | null {
    const file = Object.hasOwn(this.#before.files, path) ? this.#before.files[path] : undefined
    return file?.kind === 'file' ? (this.#texts.get(path) ?? file.text) : null
  }

  put(path: string, text: string): void {
    this.#texts.set(path, text)
  }

  state(): XinetdState {
    const files = { ...this.#before.files }
    for (const [path, text] of this.#texts) {
      const file = files[path]
      if (file?.kind === 'file') files[path] = { ...file, text, digest: digestOfText(text) }
    }
    return { ...this.#before, files }
  }

  steps(): readonly Step[] {
    return [...this.#texts].flatMap(([path, text]): readonly Step[] => {
      const file = this.#before.files[path]
      if (file?.kind !== 'file' || file.text === text) return []
      const { kind: _, ...before } = file
      const { mode, uid, gid, label, acl, attributes } = file
      const after = { text, digest: digestOfText(text), mode, uid, gid, label, acl, attributes }
      return [{ kind: 'write', path, before, after, secret: false }]
    })
  }
}
