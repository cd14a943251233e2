import { describe, expect, it } from 'vitest'
import { parsePackageOffer } from './package-offer'

describe('what a package manager would install', () => {
  it.each([
    [
      'apt-get',
      'xinetd:\n  Installed: (none)\n  Candidate: 1:2.3.15.3-1+b1\n  Version table:\n     1:2.3.15.3-1+b1 500\n',
      '1:2.3.15.3-1+b1',
    ],
    ['apt-get', 'xinetd:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n', null],
    ['apt-get', '', null],
    ['yum', 'Available Packages\nxinetd.x86_64        2:2.3.15-14.el7        base\n', '2:2.3.15-14.el7'],
    ['dnf', 'Error: No matching Packages to list\n', null],
    ['dnf', 'Available Packages\nxinetd.x86_64   2:2.3.15-24.el8   baseos\n', '2:2.3.15-24.el8'],
    [
      'zypper',
      'Repository     : Main\nName           : xinetd\nVersion        : 2.3.15.4-1.1\n',
      '2.3.15.4-1.1',
    ],
    ['apk', 'xinetd policy:\n  2.3.15-r6:\n    https://mirror/alpine/community\n', '2.3.15-r6'],
    ['pkg', '2.3.15_2\n', '2.3.15_2'],
    ['pacman', 'error: target not found: xinetd\n', null],
  ])('%s: %j', (manager, said, candidate) => {
    expect(parsePackageOffer(manager, said, '')).toEqual({ manager, candidate, removes: [] })
  })
  it('may be at the cost of others', () => {
    const trial =
      'Remv openbsd-inetd [0.20221205-1]\nInst xinetd (1:2.3.15.3-1+b1 Debian:12.5/stable [amd64])\n'
    expect(parsePackageOffer('apt-get\n', '', trial)?.removes).toEqual(['openbsd-inetd'])
  })
  it('is nothing where there is no manager', () => {
    expect(parsePackageOffer('', '', '')).toBeNull()
  })
})
