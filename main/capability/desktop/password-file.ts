import type { Section } from '../../host/script'
import type { SectionAnswer } from '../../host/script-answer'
import { passwordOfFile } from './rfb/vnc-auth'

/** The file that a running Xvnc checks passwords against, as far as the login may read it. */
export const passwordFileSection = (pid: number): Section => ({
  name: 'desktops.passwordFile',
  seconds: 5,
  body: `k=$(tr '\\0' '\\n' </proc/${pid}/cmdline | sed -n -e '/^-[Pp]assword[Ff]ile$/{n;p;q;}' -e '/^-rfbauth$/{n;p;q;}' -e 's/^-*PasswordFile=//p')
case $k in /*) [ -f "$k" ] && head -c 8 -- "$k" ;; esac`,
})

/** null: there is none, or it is not for the login to read. */
export function passwordIn(answer: SectionAnswer | undefined): Uint8Array | null {
  const piece = answer?.kind === 'done' ? answer.pieces[0] : undefined
  return piece === undefined ? null : passwordOfFile(piece.bytes)
}
