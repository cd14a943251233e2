import { describe, expect, it } from 'vitest'
import { hostWith, xinetdState } from '../../../../shared/model/superserver/fixtures.test-support'
import { plan, type SuperserverState } from '../../../../shared/model/superserver'
import { alarmScript, intentOf, portUse, templates, type NewService } from './new-service'

const dump = { version: '', time: '', services: [], defaults: {}, servers: [], configuration: null }
const state: SuperserverState = hostWith(xinetdState('includedir /etc/xinetd.d\n', {}, { dump }))
const wish: NewService = {
  name: 'tide',
  runs: 'program',
  script: alarmScript('tide'),
  target: '/bin/cat -u',
  port: 9400,
  protocol: 'tcp',
  user: 'nobody',
  from: '',
  bind: '',
}
const textOf = (more: Partial<NewService>): string => {
  const intent = intentOf({ ...wish, ...more }, '/etc/xinetd.d')
  if (intent === null) throw new Error('no intent')
  const made = plan(state, intent)
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  const steps = made.value.parts[0]?.steps ?? []
  return steps
    .flatMap((step) => (step.kind === 'create' && step.path.startsWith('/etc') ? [step.after.text] : []))
    .join('')
}

describe('templates of a new service', () => {
  it.each(templates)('are all such that xinetd takes them: %s', (runs) => {
    const target = runs === 'redirect' ? '127.0.0.1:22' : '/bin/cat -u'
    expect(textOf({ runs, target })).toContain('service tide')
    expect(intentOf({ ...wish, runs, target: '', script: ' ' }, '/etc/xinetd.d')).toBeNull()
  })

  it('make a service for each address, with an id of its own', () => {
    const text = textOf({ bind: '192.0.2.1 192.0.2.2' })
    expect(text.match(/service tide/g)).toHaveLength(2)
    expect(text).toMatch(
      /id\s+= tide\n[^}]*bind\s+= 192\.0\.2\.1[^]*id\s+= tide-2\n[^}]*bind\s+= 192\.0\.2\.2/,
    )
    expect(textOf({ bind: '192.0.2.1' })).not.toContain('\tid')
  })

  it('log and limit an alarm, and hand a socket over to what waits', () => {
    expect(textOf({ runs: 'alarm' })).toMatch(
      /NOLIBWRAP[^]*tide\n[^]*log_on_success\s+= HOST PID[^]*cps\s+= 5 30/,
    )
    expect(textOf({ runs: 'waiting', protocol: 'udp' })).toMatch(
      /dgram[^]*wait\s+= yes[^]*server_args\s+= -u/,
    )
    expect(textOf({ runs: 'waiting' })).toMatch(/stream[^]*wait\s+= yes/)
  })

  it('see a port that is held at their address', () => {
    const held = (address: string): SuperserverState => ({
      ...state,
      sockets: [
        { protocol: 'tcp', address, device: null, port: 9400, holders: [{ program: 'sshd', pid: 3, fd: 3 }] },
      ],
    })
    expect(portUse(held('192.0.2.1'), 9400, 'tcp', ['192.0.2.2']).holder).toBeNull()
    expect(portUse(held('192.0.2.1'), 9400, 'tcp', ['192.0.2.1']).holder).toBe('sshd')
    expect(portUse(held('192.0.2.1'), 9400, 'tcp').holder).toBe('sshd')
    expect(portUse(held('*'), 9400, 'tcp', ['192.0.2.2']).holder).toBe('sshd')
  })
})
