import { digestOfText, type FileImage, type Step } from '../change'
import { parseServices } from '../../probe/name-files'
import { fileIn, sharedFiles, sharedPaths } from './files'
import type { GatheredDirectory, GatheredFile, HostNames, SuperserverState, XinetdState } from './state'

type Files = Readonly<Record<string, GatheredFile>>

/** A file as it shall be; null: it is to go. */
type Draft = (Owned & { readonly text: string }) | null

type Owned = Pick<FileImage, 'mode' | 'uid' | 'gid'>

/** The files as they are being edited. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>()
  readonly #before: SuperserverState

  constructor(before: SuperserverState) {
    this.#before = before
  }

  /** null: there is no such file, or it was not read. */
  text(path: string): string | null {
    const draft = this.#drafts.get(path)
    return draft === undefined ? (this.#image(path)?.text ?? null) : (draft?.text ?? null)
  }

  put(path: string, text: string): void {
    this.#drafts.set(path, { ...ownedAs(this.#image(path)), text })
  }

  /** A new file of root's. Where one stands already the host says so before anything is written. */
  create(path: string, text: string, mode = 0o644): void {
    this.#drafts.set(path, { text, mode, uid: 0, gid: 0 })
  }

  /** A file that was there, with its owner and its mode. */
  restore(path: string, image: FileImage): void {
    this.#drafts.set(path, { ...ownedAs(image), text: image.text })
  }

  /** The same file by another name, with another text. */
  move(from: string, to: string, text: string): void {
    this.#drafts.set(to, { ...ownedAs(this.#image(from)), text })
    this.remove(from)
  }

  remove(path: string): void {
    this.#drafts.set(path, null)
  }

  state(): SuperserverState {
    const { xinetd, inetd, surroundings } = this.#before
    const names = this.#names()
    const shared = sharedFiles.map(
      (name) => [name, this.#edit(sharedPaths[name], surroundings[name])] as const,
    )
    return {
      ...this.#before,
      xinetd: xinetd === null ? null : { ...this.#xinetd(xinetd), names: { ...xinetd.names, ...names } },
      inetd:
        inetd === null
          ? null
          : { ...inetd, files: this.#edited(inetd.files), names: { ...inetd.names, ...names } },
      surroundings: { ...surroundings, ...Object.fromEntries(shared) },
    }
  }

  steps(): readonly Step[] {
    return [...this.#drafts].flatMap(([path, draft]): readonly Step[] => {
      const before = this.#image(path)
      if (draft === null) return before === null ? [] : [{ kind: 'delete', path, before, secret: false }]
      const { text, mode } = draft
      const digest = digestOfText(text)
      if (before === null) {
        const after = { ...draft, digest, label: null, acl: null, attributes: null }
        return [{ kind: 'create', path, after, secret: false }]
      }
      if (before.text === text) return []
      const { uid, gid, label, acl, attributes } = before
      const after = { text, digest, mode, uid, gid, label, acl, attributes }
      return [{ kind: 'write', path, before, after, secret: false }]
    })
  }

  #image(path: string): FileImage | null {
    const file = fileIn(this.#before, path)
    if (file?.kind !== 'file') return null
    const { kind: _, ...image } = file
    return image
  }

  /** Files come and go in the directories of includedir. */
  #xinetd(xinetd: XinetdState): XinetdState {
    const directories: Record<string, GatheredDirectory> = { ...xinetd.directories }
    const files: Record<string, GatheredFile> = { ...this.#edited(xinetd.files) }
    for (const [path, draft] of this.#drafts) {
      const { folder, name } = placeOf(path)
      const directory = directories[folder]
      if (directory?.kind !== 'directory') continue
      const others = directory.entries.filter((entry) => entry !== name)
      directories[folder] = { ...directory, entries: draft === null ? others : [...others, name] }
      if (draft !== null && this.#image(path) === null) files[path] = { kind: 'file', ...newImage(draft) }
    }
    return { ...xinetd, directories, files }
  }

  #edited(files: Files): Files {
    return Object.fromEntries(Object.entries(files).map(([path, file]) => [path, this.#edit(path, file)]))
  }

  #edit(path: string, file: GatheredFile): GatheredFile {
    const draft = this.#drafts.get(path)
    if (draft === undefined || file.kind === 'unreadable') return file
    if (draft === null) return { kind: 'missing' }
    if (file.kind === 'missing') return { kind: 'file', ...newImage(draft) }
    return { ...file, text: draft.text, digest: digestOfText(draft.text) }
  }

  /** What names of services mean then, where /etc/services is edited. */
  #names(): Partial<HostNames> {
    const draft = this.#drafts.get(sharedPaths.services)
    return draft === undefined ? {} : { services: parseServices(draft?.text ?? '') }
  }
}

/** The folder of an absolute path, and its name there. */
export function placeOf(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/')
  return { folder: path.slice(0, at) || '/', name: path.slice(at + 1) }
}

const ownedAs = (image: FileImage | null): Owned =>
  image === null ? { mode: 0o644, uid: 0, gid: 0 } : { mode: image.mode, uid: image.uid, gid: image.gid }

function newImage(draft: NonNullable<Draft>): FileImage {
  return {
    ...draft,
    digest: digestOfText(draft.text),
    label: null,
    acl: null,
    attributes: null,
    linkTarget: null,
    links: 1,
    mounted: false,
  }
}
