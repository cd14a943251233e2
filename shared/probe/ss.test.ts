import { describe, expect, it } from 'vitest'
import { parseListeningSockets } from './ss'

describe('ss -H -lntup', () => {
  it('reads every shape of address and holder', () => {
    const sockets = parseListeningSockets(
      [
        'tcp LISTEN 0      64     0.0.0.0:7777 0.0.0.0:* users:(("xinetd",pid=5348,fd=6))',
        'tcp LISTEN 0      64           *:7          *:* users:(("xinetd",pid=5348,fd=5))',
        'udp   UNCONN 0      0      127.0.0.1%lo:68       0.0.0.0:*     users:(("dhclient",pid=1,fd=7),("x y",pid=2,fd=3))',
        'tcp   LISTEN 0      4096          [::1]:631          [::]:*',
        'udp   UNCONN 0      0 [fe80::1]%eth0:546 [::]:*',
        'garbage',
        '',
      ].join('\n'),
    )
    expect(sockets).toEqual([
      {
        protocol: 'tcp',
        address: '0.0.0.0',
        device: null,
        port: 7777,
        holders: [{ program: 'xinetd', pid: 5348, fd: 6 }],
      },
      {
        protocol: 'tcp',
        address: '*',
        device: null,
        port: 7,
        holders: [{ program: 'xinetd', pid: 5348, fd: 5 }],
      },
      {
        protocol: 'udp',
        address: '127.0.0.1',
        device: 'lo',
        port: 68,
        holders: [
          { program: 'dhclient', pid: 1, fd: 7 },
          { program: 'x y', pid: 2, fd: 3 },
        ],
      },
      { protocol: 'tcp', address: '::1', device: null, port: 631, holders: [] },
      { protocol: 'udp', address: 'fe80::1', device: 'eth0', port: 546, holders: [] },
    ])
  })

  it('is not led astray by a program that calls itself something odd', () => {
    const [socket] = parseListeningSockets(
      'tcp LISTEN 0 64 0.0.0.0:1 0.0.0.0:* users:(("a",pid=1,fd=1),("b\\"",pid=9,fd=9))',
    )
    expect(socket?.holders.map(({ pid }) => pid)).toEqual([1, 9])
  })
})
