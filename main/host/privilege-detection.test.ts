import { describe, expect, it } from 'vitest'
import { readDetection } from './privilege-detection'
import type { SectionAnswer } from './script-answer'

const done = (said: Readonly<Record<string, string>>): SectionAnswer => ({
  kind: 'done',
  code: 0,
  stderr: '',
  pieces: Object.entries(said).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
})
const login = '1001\npat\nharbor\n'
const sudo = '/usr/bin/sudo\n'
const rules = (line: string): string => `User pat may run the following commands on harbor:\n    ${line}\n`
const found = (said: Readonly<Record<string, string>>, pty = false) =>
  readDetection(done({ '': login, ...said }), pty)

describe('how a login becomes root', () => {
  it.each([
    ['is root already', { '': '0\nroot\nharbor\n' }, { kind: 'root' }],
    ['has nothing', {}, { kind: 'none' }],
    [
      'NOPASSWD',
      { sudo, list: rules('(ALL) NOPASSWD: ALL') },
      { kind: 'sudo', program: '/usr/bin/sudo', pty: false, how: 'nopasswd' },
    ],
    [
      'a ticket',
      { sudo, list: rules('(ALL) ALL'), root: 'yes\n' },
      { kind: 'sudo', program: '/usr/bin/sudo', pty: false, how: 'ticket' },
    ],
    [
      'a rule, and no ticket',
      { sudo, list: rules('(ALL) ALL'), root: 'sudo: a password is required\n' },
      { kind: 'sudo', program: '/usr/bin/sudo', pty: false, how: 'password' },
    ],
    [
      'a password',
      { sudo, list: 'sudo: a password is required\n' },
      { kind: 'sudo', program: '/usr/bin/sudo', pty: false, how: 'password' },
    ],
    ['not in sudoers', { sudo, list: 'Sorry, user pat may not run sudo on harbor.\n' }, { kind: 'none' }],
    [
      'single commands',
      { sudo, list: rules('(root) NOPASSWD: /bin/a, /bin/b c') },
      { kind: 'limited', commands: ['/bin/a', '/bin/b c'] },
    ],
    ['single commands of another user', { sudo, list: rules('(www) NOPASSWD: /bin/a') }, { kind: 'none' }],
    [
      'doas without a word',
      { doas: '/usr/bin/doas\n', permit: 'yes\n' },
      { kind: 'doas', program: '/usr/bin/doas', account: { user: 'pat', host: 'harbor' }, how: 'nopasswd' },
    ],
    [
      'doas before a sudo that may not',
      {
        sudo,
        list: 'sudo: a password is required\n',
        doas: '/usr/bin/doas\n',
        permit: 'doas: Authentication required\n',
      },
      { kind: 'doas', program: '/usr/bin/doas', account: { user: 'pat', host: 'harbor' }, how: 'password' },
    ],
    [
      'doas that does not permit',
      { doas: '/usr/bin/doas\n', permit: 'doas: Operation not permitted\n' },
      { kind: 'none' },
    ],
    [
      'a sudo that is no path',
      { sudo: 'alias sudo=rm\n', list: rules('(ALL) NOPASSWD: ALL') },
      { kind: 'none' },
    ],
  ] as const)('%s', (_, said, expected) => {
    expect(found(said).found).toEqual(expected)
  })

  it('is asked for again on a terminal where sudo wants one, and only then', () => {
    const list = 'sudo: sorry, you must have a tty to run sudo\n'
    expect(found({ sudo, list })).toMatchObject({ again: true, found: { pty: true, how: 'password' } })
    expect(found({ sudo, list }, true)).toMatchObject({ again: false, found: { pty: true } })
    expect(found({ sudo, list: rules('(ALL) NOPASSWD: ALL') }, true)).toMatchObject({
      found: { pty: true, how: 'nopasswd' },
    })
  })

  it('is not known where the host did not get to say', () => {
    expect(readDetection({ kind: 'missing' }, false)).toMatchObject({ found: null, again: false })
    const late = (...said: readonly [string, string][]): SectionAnswer => ({
      kind: 'late',
      seconds: 8,
      pieces: said.map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    })
    expect(readDetection(late(['', login]), false)).toMatchObject({ found: null, again: false })
    // A sudo that thinks for long may still be asked.
    expect(readDetection(late(['', login], ['sudo', sudo], ['list', '']), false).found).toMatchObject({
      kind: 'sudo',
      how: 'password',
    })
  })
})
