import { describe, expect, it } from 'vitest'
import { parseListing } from './ls'
import { parseMountPoints } from './mountinfo'

describe('ls -ldn', () => {
  it.each([
    ['-rw-r--r-- 1 0 0 680 Nov 23 04:51 /etc/xinetd.conf', 'file', 0o644, 1, 0, 0, false],
    ['-rwsr-x--T+ 2 1000 42 10 Jan  1  2024 x', 'file', 0o5750, 2, 1000, 42, true],
    ['-rw-r-S---.  3 7 8 0 Jan  1  2024 x', 'file', 0o2640, 3, 7, 8, false],
    ['drwxrwxrwt 9 0 0 4096 Nov 23 04:51 /tmp', 'directory', 0o1777, 9, 0, 0, false],
    ['crw-rw-rw- 1 0 0 1, 3 Nov 23 04:51 /dev/null', 'other', 0o666, 1, 0, 0, false],
  ] as const)('reads %s', (line, type, mode, links, uid, gid, hasAcl) => {
    expect(parseListing(line)).toEqual({ type, mode, links, uid, gid, hasAcl })
  })

  it.each(['', 'ls: cannot access', '-rw-r--r-- one 0 0', 'xrw-r--r-- 1 0 0 680 Nov'])(
    'leaves %j',
    (line) => {
      expect(parseListing(line)).toBeNull()
    },
  )
})

describe('mountinfo', () => {
  it('gives the mount points, unescaped', () => {
    const text =
      '36 35 98:0 / / rw - ext4 /dev/root rw\n37 36 0:5 /a /etc/with\\040blank\\134 rw,noatime master:1 - tmpfs x rw\n\n'
    expect([...parseMountPoints(text)]).toEqual(['/', '/etc/with blank\\'])
  })
})
