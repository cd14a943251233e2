/*
 * `ls -ldnLq -- PATH`, POSIX: type and permissions (with one more character where an ACL `+` or a label `.` adds
 * to them), links, numeric user and group, size, date and name.
 *
 *   -rw-r--r--  1 0 0 680 Nov 23 04:51 /etc/xinetd.conf
 *   -rwsr-x--T+ 2 0 42 10 Jan  1  2024 x
 */
export interface Listing {
  readonly type: 'file' | 'directory' | 'other'
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number
  readonly links: number
  readonly uid: number
  readonly gid: number
  readonly hasAcl: boolean
}

/** null: it is no such line. */
export function parseListing(line: string): Listing | null {
  const match =
    /^([-dlbcpsDwn])([r-][w-][xsS-])([r-][w-][xsS-])([r-][w-][xtT-])([+.@ ]?)\s*(\d+)\s+(\d+)\s+(\d+)\s/.exec(
      line,
    )
  if (match === null) return null
  const [, type = '', user = '', group = '', others = '', mark = '', links, uid, gid] = match
  return {
    type: type === '-' ? 'file' : type === 'd' ? 'directory' : 'other',
    mode:
      (triple(user) << 6) |
      (triple(group) << 3) |
      triple(others) |
      special(user, 0o4000) |
      special(group, 0o2000) |
      special(others, 0o1000),
    links: Number(links),
    uid: Number(uid),
    gid: Number(gid),
    hasAcl: mark === '+',
  }
}

function triple(letters: string): number {
  const [read, write, run = '-'] = letters
  return (read === 'r' ? 4 : 0) | (write === 'w' ? 2 : 0) | ('xst'.includes(run) ? 1 : 0)
}

const special = (letters: string, bit: number): number => ('sStT'.includes(letters[2] ?? '-') ? bit : 0)
