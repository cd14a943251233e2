import { digestOfText, type Step } from '../change'
import type { GatheredFile, SuperserverState } from './state'

type Files = Readonly<Record<string, GatheredFile>>

/** The files as they are being edited. */
export class Drafts {
  readonly #texts = new Map<string, string>()
  readonly #before: SuperserverState

  constructor(before: SuperserverState) {
    this.#before = before
  }

  /** null: the file was not read. */
  text(path: string): string | null {
    const file = this.#file(path)
    return file?.kind === 'file' ? (this.#texts.get(path) ?? file.text) : null
  }

  put(path: string, text: string): void {
    this.#texts.set(path, text)
  }

  state(): SuperserverState {
    const { xinetd, inetd } = this.#before
    return {
      ...this.#before,
      xinetd: xinetd === null ? null : { ...xinetd, files: this.#edited(xinetd.files) },
      inetd: inetd === null ? null : { ...inetd, files: this.#edited(inetd.files) },
    }
  }

  steps(): readonly Step[] {
    return [...this.#texts].flatMap(([path, text]): readonly Step[] => {
      const file = this.#file(path)
      if (file?.kind !== 'file' || file.text === text) return []
      const { kind: _, ...before } = file
      const { mode, uid, gid, label, acl, attributes } = file
      const after = { text, digest: digestOfText(text), mode, uid, gid, label, acl, attributes }
      return [{ kind: 'write', path, before, after, secret: false }]
    })
  }

  #file(path: string): GatheredFile | undefined {
    for (const daemon of [this.#before.xinetd, this.#before.inetd]) {
      if (daemon !== null && Object.hasOwn(daemon.files, path)) return daemon.files[path]
    }
    return undefined
  }

  #edited(files: Files): Files {
    const edited: Record<string, GatheredFile> = { ...files }
    for (const [path, text] of this.#texts) {
      const file = edited[path]
      if (file?.kind === 'file') edited[path] = { ...file, text, digest: digestOfText(text) }
    }
    return edited
  }
}
