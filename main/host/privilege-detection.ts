import { decode } from '../../shared/codec'
import { parseSudoList, type SudoList } from '../../shared/probe/sudo-list'
import type { DoasAccount } from './launch'
import type { Section } from './script'
import type { SectionAnswer } from './script-answer'

/** What a login can do to become root, as far as it can be known without a password. */
export type Found =
  | { readonly kind: 'root' }
  | {
      readonly kind: 'sudo'
      readonly program: string
      /** It wants a terminal (requiretty). */
      readonly pty: boolean
      /** `password`: it will ask; whether it then allows anything is not known before. */
      readonly how: 'nopasswd' | 'ticket' | 'password'
    }
  | {
      readonly kind: 'doas'
      readonly program: string
      readonly account: DoasAccount
      readonly how: 'nopasswd' | 'password'
    }
  | { readonly kind: 'limited'; readonly commands: readonly string[] }
  | { readonly kind: 'none' }

/**
 * Asks nothing and leaves at most two lines in sudo's log. `-n` never waits for a password. doas is asked only where
 * sudo does not do: it logs each "no".
 */
export const detection: Section = {
  name: 'privilege',
  seconds: 8,
  body: `id -u; id -un; uname -n
if wm_sudo=$(command -v sudo); then
  wm_piece sudo; printf '%s\\n' "$wm_sudo"
  wm_piece list; wm_list=$(sudo -n -l 2>&1) && wm_free=1; printf '%s\\n' "$wm_list"
  case $wm_list in *'NOPASSWD: ALL'*) ;; *) if [ -n "$wm_free" ]; then wm_piece root; sudo -n -- true 2>&1 && echo yes; fi ;; esac
fi
if wm_doas=$(command -v doas); then
  wm_piece doas; printf '%s\\n' "$wm_doas"
  if [ -z "$wm_free" ]; then wm_piece permit; doas -n true 2>&1 && echo yes; fi
fi
:`,
}

/** `again`: sudo speaks only on a terminal; the same section on a pty tells the rest. */
export interface Detected {
  /** null: the host did not get to say. */
  readonly found: Found | null
  /** The login's name on the host. */
  readonly user: string
  readonly again: boolean
}

/** @param pty whether the section ran on a terminal */
export function readDetection(answer: SectionAnswer, pty: boolean): Detected {
  if (answer.kind === 'missing') return { found: null, user: '', again: false }
  const pieces = new Map(answer.pieces.map(({ name, bytes }) => [name, decode(bytes)]))
  const said = (name: string): string => pieces.get(name) ?? ''
  const line = (name: string): string => said(name).trim().split('\n')[0] ?? ''
  const [uid = '', user = '', host = ''] = said('').split('\n')
  const settled = (found: Found, again = false): Detected => ({ found, user, again })
  if (uid === '0') return settled({ kind: 'root' })

  const sudo = line('sudo')
  const list = sudo.startsWith('/') ? parseSudoList(said('list')) : null
  const viaSudo = list === null ? null : bySudo(sudo, pty, list, endsWithYes(said('root')))
  if (viaSudo !== null && viaSudo.kind === 'sudo' && viaSudo.how !== 'password') return settled(viaSudo)

  const doas = line('doas')
  if (doas.startsWith('/')) {
    const permit = said('permit')
    const account = { user, host }
    if (endsWithYes(permit)) return settled({ kind: 'doas', program: doas, account, how: 'nopasswd' })
    // A "password required" of sudo is said to everybody; this one only to whom doas.conf permits.
    if (/authentication required|a tty is required/i.test(permit))
      return settled({ kind: 'doas', program: doas, account, how: 'password' })
  }
  if (list?.kind === 'terminalRequired' && !pty)
    return settled({ kind: 'sudo', program: sudo, pty: true, how: 'password' }, true)
  if (viaSudo !== null) return settled(viaSudo)
  return answer.kind === 'late' && !pieces.has('list')
    ? { found: null, user, again: false }
    : settled({ kind: 'none' })
}

function bySudo(program: string, pty: boolean, list: SudoList, root: boolean): Found | null {
  switch (list.kind) {
    case 'rules':
      if (list.everything)
        return { kind: 'sudo', program, pty, how: list.nopasswd ? 'nopasswd' : root ? 'ticket' : 'password' }
      return list.commands.length > 0 ? { kind: 'limited', commands: list.commands } : null
    case 'passwordRequired':
    case 'terminalRequired':
      return { kind: 'sudo', program, pty, how: 'password' }
    case 'unknown':
      // Its words may be a warning beside a question for the password: trying shows them to the user.
      return { kind: 'sudo', program, pty, how: 'password' }
    case 'notAllowed':
      return null
  }
}

const endsWithYes = (text: string): boolean => /(^|\n)yes\s*$/.test(text)
