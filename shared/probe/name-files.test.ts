import { describe, expect, it } from 'vitest'
import { parseAccountNames, parseNumberedNames, parseServices } from './name-files'

describe('name files', () => {
  it('reads services with their aliases', () => {
    expect(
      parseServices('# head\necho\t\t7/tcp\ndiscard 9/udp sink null # old\n\nbroken tcp/7\nx\n'),
    ).toEqual([
      { name: 'echo', protocol: 'tcp', port: 7 },
      { name: 'discard', protocol: 'udp', port: 9 },
      { name: 'sink', protocol: 'udp', port: 9 },
      { name: 'null', protocol: 'udp', port: 9 },
    ])
  })

  it('reads protocols and rpc', () => {
    expect(parseNumberedNames('tcp\t6\tTCP\t# x\n# y\nportmapper 100000 portmap sunrpc\nz\n')).toEqual([
      'tcp',
      'TCP',
      'portmapper',
      'portmap',
      'sunrpc',
    ])
  })

  it('reads accounts', () => {
    expect(
      parseAccountNames('root:x:0:0:root:/root:/bin/sh\n+::::::\n#no:x:1:\ntty:x:5:\n\nbroken\n'),
    ).toEqual(['root', 'tty'])
  })
})
