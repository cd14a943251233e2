import { describe, expect, it } from 'vitest'
import { parseTarget } from './target'

describe('parseTarget', () => {
  it.each([
    ['harbor', '', 'harbor', 22],
    ['admin@harbor.example', 'admin', 'harbor.example', 22],
    [' root@10.0.0.7:2222 ', 'root', '10.0.0.7', 2222],
    ['ssh://pat@web1:22/', 'pat', 'web1', 22],
    ['ssh -p 2200 -l root db', 'root', 'db', 2200],
    ['ssh root@db -p 2200', 'root', 'db', 2200],
    ['[2001:db8::1]:2222', '', '2001:db8::1', 2222],
    ['root@2001:db8::1', 'root', '2001:db8::1', 22],
    ['DOMAIN\\user@mail@host', 'DOMAIN\\user@mail', 'host', 22],
  ])('reads %s', (text, user, address, port) => {
    expect(parseTarget(text)).toEqual({ user, address, port })
  })

  it.each(['', '   ', 'user@', 'host:0', 'host:99999', 'host:ssh', 'ssh -o Foo host', 'two hosts'])(
    'refuses “%s”',
    (text) => {
      expect(parseTarget(text)).toBeNull()
    },
  )
})
