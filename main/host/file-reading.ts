import { decode } from '../../shared/codec'
import type { FileImage } from '../../shared/model/change'
import { digestOfBytes } from '../../shared/model/change'
import { parseMountPoints } from '../../shared/probe/mountinfo'
import { parseListing } from '../../shared/probe/ls'
import type { Piece } from './script-answer'

/** Larger files than this are not configuration. */
export const maxFileBytes = 4 * 1024 * 1024

/**
 * `wm_read PATH` says all there is to say of a file, whatever its name holds; `wm_mounts` once, before or after.
 * Follows symbolic links, as the daemons do, and says that it did.
 */
export const fileReading = `wm_mounts() { if [ -r /proc/self/mountinfo ]; then wm_piece mounts; cat /proc/self/mountinfo; fi; }
wm_read() {
  wm_piece path; printf %s "$1"
  if [ -h "$1" ]; then wm_piece link; readlink -- "$1"; wm_piece real; readlink -f -- "$1"; fi
  if [ ! -e "$1" ]; then wm_piece missing; return; fi
  wm_ls=$(ls -ldnLq -- "$1")
  wm_piece ls; printf '%s\\n' "$wm_ls"
  if [ ! -f "$1" ]; then wm_piece notRegular; return; fi
  case $wm_ls in ??????????+*) wm_piece acl; getfacl -cpn -- "$1" ;; esac
  if [ -d /sys/fs/selinux/booleans ]; then wm_piece label; stat -L -c %C -- "$1"; fi
  if [ ! -r "$1" ]; then wm_piece permission; return; fi
  set -f; set -- "$1" $wm_ls; set +f
  if [ "$6" -gt ${maxFileBytes} ]; then wm_piece tooLarge; return; fi
  wm_piece body; cat -- "$1"
  wm_piece read
}`

export type ReadFile =
  | ({ readonly kind: 'file' } & FileImage)
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: 'permission' | 'notRegular' | 'tooLarge' | 'failed' }

/** What `wm_read` said, by path. Where a path was read twice, the last counts. */
export function readFiles(pieces: readonly Piece[]): ReadonlyMap<string, ReadFile> {
  const mountPoints = parseMountPoints(
    decode(pieces.find(({ name }) => name === 'mounts')?.bytes ?? new Uint8Array()),
  )
  const files = new Map<string, ReadFile>()
  let path: string | null = null
  let said = new Map<string, Uint8Array>()
  const put = () => {
    if (path !== null) files.set(path, readFile(path, said, mountPoints))
  }
  for (const { name, bytes } of pieces) {
    if (name === 'path') {
      put()
      path = decode(bytes)
      said = new Map()
    } else said.set(name, bytes)
  }
  put()
  return files
}

function readFile(
  path: string,
  said: ReadonlyMap<string, Uint8Array>,
  mounts: ReadonlySet<string>,
): ReadFile {
  const text = (name: string): string | null => {
    const bytes = said.get(name)
    return bytes === undefined ? null : decode(bytes).replace(/\n$/, '')
  }
  if (said.has('missing')) return { kind: 'missing' }
  for (const why of ['notRegular', 'permission', 'tooLarge'] as const)
    if (said.has(why)) return { kind: 'unreadable', why }
  const listing = parseListing(text('ls') ?? '')
  const body = said.get('body')
  // A body whose end was not said may be half a file.
  if (listing === null || body === undefined || !said.has('read'))
    return { kind: 'unreadable', why: 'failed' }
  return {
    kind: 'file',
    text: decode(body),
    digest: digestOfBytes(body),
    mode: listing.mode,
    uid: listing.uid,
    gid: listing.gid,
    label: labelOf(text('label')),
    acl: text('acl'),
    // lsattr costs a process a file; who writes asks for himself whether a file is immutable.
    attributes: null,
    linkTarget: text('link'),
    links: listing.links,
    mounted: mounts.has(text('real') ?? path),
  }
}

/** stat prints `?` where there is no label. */
const labelOf = (label: string | null): string | null =>
  label === null || label === '' || label === '?' ? null : label
