import { expect, it } from 'vitest'
import { parseBoot } from './boot'

it('reads who starts a service, and whether it does', () => {
  const states = parseBoot(
    'xinetd systemd xinetd enabled\ninetd rc.conf inetd disabled\nother systemd other masked\nsilent systemd silent \nnonsense\n',
  )
  expect([...states]).toEqual([
    ['xinetd', { by: 'systemd', name: 'xinetd', word: 'enabled', on: true }],
    ['inetd', { by: 'rc.conf', name: 'inetd', word: 'disabled', on: false }],
    ['other', { by: 'systemd', name: 'other', word: 'masked', on: null }],
    ['silent', { by: 'systemd', name: 'silent', word: '', on: null }],
  ])
})
