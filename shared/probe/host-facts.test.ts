import { describe, expect, it } from 'vitest'
import { parseDf } from './df'
import { parseIfconfig, parseIpAddresses } from './ip-address'
import { parseMeminfo } from './meminfo'
import { parseOsRelease } from './os-release'

describe('os-release', () => {
  it('takes quotes off, and leaves what it does not know', () => {
    const text = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n# no\nVERSION_ID='12'\nODD="a \\"b\\" \\$c"\nlower=x\n`
    expect(parseOsRelease(text)).toEqual({
      PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)',
      ID: 'debian',
      VERSION_ID: '12',
      ODD: 'a "b" $c',
    })
  })
})

describe('meminfo', () => {
  it('gives bytes', () => {
    const text =
      'MemTotal:  100 kB\nMemFree: 10 kB\nMemAvailable:  60 kB\nSwapTotal: 5 kB\nSwapFree: 4 kB\nHugePages_Total: 0\n'
    expect(parseMeminfo(text)).toEqual({ total: 102400, available: 61440, swapTotal: 5120, swapFree: 4096 })
  })
  it('counts what can be freed where an old kernel does not', () => {
    expect(parseMeminfo('MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 20 kB\n')?.available).toBe(
      35 * 1024,
    )
  })
  it('is none of an empty text', () => expect(parseMeminfo('')).toBeNull())
})

describe('df -Pk', () => {
  it.each([
    ['overlay 102687672 12345678 85082234 13% /', 12345678],
    ['/dev/my disk 10 7 3 70% /', 7],
  ])('reads %s', (line, used) => {
    expect(parseDf(`Filesystem 1024-blocks Used Available Capacity Mounted on\n${line}\n`)?.used).toBe(
      used * 1024,
    )
  })
  it.each(['', 'Filesystem 1024-blocks Used Available Capacity Mounted on', 'none - - - - /'])(
    'not %j',
    (text) => {
      expect(parseDf(text)).toBeNull()
    },
  )
})

describe('addresses', () => {
  it('of iproute2', () => {
    const text = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: host0@if7    inet 198.18.0.10/24 brd 198.18.0.255 scope global host0\\       valid_lft forever
2: eth0    inet6 fe80::5054:ff:fe12:a/64 scope link \\       valid_lft forever
7: tun0    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0\\       valid_lft forever
`
    expect(
      parseIpAddresses(text).map(({ device, address, prefix, scope }) => [device, address, prefix, scope]),
    ).toEqual([
      ['lo', '127.0.0.1', 8, 'host'],
      ['host0@if7', '198.18.0.10', 24, 'global'],
      ['eth0', 'fe80::5054:ff:fe12:a', 64, 'link'],
      ['tun0', '10.8.0.2', 32, 'global'],
    ])
  })
  it("of the BSDs' ifconfig", () => {
    const text = `em0: flags=8863<UP,BROADCAST> metric 0 mtu 1500
\tinet 192.0.2.5 netmask 0xffffff00 broadcast 192.0.2.255
\tinet6 fe80::1%em0 prefixlen 64 scopeid 0x1
lo0: flags=8049<UP> metric 0 mtu 16384
\tinet6 ::1 prefixlen 128
`
    expect(
      parseIfconfig(text).map(({ device, address, prefix, scope }) => [device, address, prefix, scope]),
    ).toEqual([
      ['em0', '192.0.2.5', 24, 'global'],
      ['em0', 'fe80::1', 64, 'link'],
      ['lo0', '::1', 128, 'host'],
    ])
  })
})
