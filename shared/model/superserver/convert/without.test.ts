import { describe, expect, it } from 'vitest'
import { inetd } from '../../../lens/inetd'
import { converted } from './fixtures.test-support'
import { without } from './without'

const text = `# services
telnet	stream	tcp	nowait	root	/usr/sbin/tcpd	in.telnetd
	-h
#daytime stream tcp nowait root internal
/run/x	stream	unix	nowait	root	/bin/cat	cat
echo	dgram	udp	wait	root	internal
`

describe('inetd.conf without what was converted', () => {
  const document = inetd.parse(text)
  const left = (how: 'disable' | 'remove') => {
    const result = without(document, 'openbsd', converted(text), how)
    return result.kind === 'edited' ? inetd.print(result.document) : result
  }

  it('has it commented out, with the lines that go on with it', () => {
    expect(left('disable')).toBe(`# services
#<off># telnet	stream	tcp	nowait	root	/usr/sbin/tcpd	in.telnetd
#<off># 	-h
#daytime stream tcp nowait root internal
/run/x	stream	unix	nowait	root	/bin/cat	cat
#echo	dgram	udp	wait	root	internal
`)
  })

  it('has nothing of it', () => {
    expect(left('remove')).toBe('# services\n/run/x\tstream\tunix\tnowait\troot\t/bin/cat\tcat\n')
  })

  it('says which line cannot be taken out', () => {
    const odd = inetd.parse('7001 stream tcp nowait root /bin/cat cat\0 x\n')
    const conversions = converted('7001 stream tcp nowait root /bin/cat cat\n')
    expect(without(odd, 'openbsd', conversions, 'disable')).toEqual({
      kind: 'refused',
      line: 1,
      refusal: { reason: 'outOfReach' },
    })
  })
})
