/*
 * `sudo -n -l` of sudo 1.8 and 1.9 in the C locale. Rules may go on over several lines, indented deeper.
 *
 *   Matching Defaults entries for admin on harbor:
 *       env_reset, mail_badpass,
 *       secure_path=/usr/local/sbin\:/usr/local/bin\:/usr/sbin\:/usr/bin\:/sbin\:/bin,
 *       use_pty
 *
 *   User admin may run the following commands on harbor:
 *       (ALL : ALL) NOPASSWD: ALL
 *       (root) NOPASSWD: /usr/bin/systemctl reload xinetd, /usr/sbin/ipvsadm -Ln
 *
 * Without a ticket or a NOPASSWD rule: "sudo: a password is required". With requiretty and no terminal:
 * "sudo: sorry, you must have a tty to run sudo". Without any rule, once signed in: "Sorry, user plain may not
 * run sudo on harbor."
 */

export type SudoList =
  | {
      readonly kind: 'rules'
      /** Whether some rule lets everything run as root. */
      readonly everything: boolean
      /** Whether that rule asks for no password. */
      readonly nopasswd: boolean
      /** The single commands that may run as root. */
      readonly commands: readonly string[]
    }
  | { readonly kind: 'passwordRequired' }
  | { readonly kind: 'terminalRequired' }
  | { readonly kind: 'notAllowed' }
  /** Its words make no sense to us; shown as they are. */
  | { readonly kind: 'unknown'; readonly said: string }

export function parseSudoList(output: string): SudoList {
  const lines = output.split(/\r?\n/)
  const start = lines.findIndex((line) => /may run the following commands/.test(line))
  if (start !== -1) return rulesOf(lines.slice(start + 1))
  const refusal = sudoRefusal(output)
  return refusal === null ? { kind: 'unknown', said: output.slice(0, 2000) } : { kind: refusal }
}

export type SudoRefusal = 'passwordRequired' | 'terminalRequired' | 'notAllowed'

/** Why sudo did nothing, by its own words; null: it does not say. */
export function sudoRefusal(said: string): SudoRefusal | null {
  if (/^sudo: .*you must have a tty/m.test(said)) return 'terminalRequired'
  if (
    /^sudo: (a password is required|a terminal is required|interactive authentication is required)/m.test(
      said,
    )
  )
    return 'passwordRequired'
  if (/(is not in the sudoers file|may not run sudo on|is not allowed to (execute|run))/.test(said))
    return 'notAllowed'
  return null
}

function rulesOf(lines: readonly string[]): SudoList {
  const rules: string[] = []
  for (const line of lines) {
    if (/^\s+\(/.test(line)) rules.push(line.trim())
    else if (/^\s+\S/.test(line) && rules.length > 0) rules.push(`${rules.pop() ?? ''} ${line.trim()}`)
    else if (rules.length > 0) break
  }
  let everything = false
  let nopasswd = false
  const commands: string[] = []
  for (const rule of rules) {
    const match = /^\(([^)]*)\)\s*(.*)$/.exec(rule)
    const [, runas = '', rest = ''] = match ?? []
    if (!runsAsRoot(runas)) continue
    let free = false
    for (const item of splitCommands(rest)) {
      const [, tags = '', command = ''] = /^((?:[A-Z_]+:\s*)*)(.*)$/.exec(item) ?? []
      if (/\bNOPASSWD:/.test(tags)) free = true
      if (/\bPASSWD:/.test(tags.replaceAll('NOPASSWD:', ''))) free = false
      if (command === 'ALL') {
        everything = true
        nopasswd ||= free
      } else if (command !== '') commands.push(command)
    }
  }
  return { kind: 'rules', everything, nopasswd, commands }
}

function runsAsRoot(runas: string): boolean {
  const [users = ''] = runas.split(':')
  return users.split(',').some((user) => ['ALL', 'root', '#0'].includes(user.trim()))
}

/** Commas within arguments are written `\,`. */
function splitCommands(text: string): readonly string[] {
  return text.split(/(?<!\\),\s*/).map((command) => command.trim())
}
