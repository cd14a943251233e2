import { describe, expect, it } from 'vitest'
import { parseSudoList, sudoRefusal } from './sudo-list'

const head = `Matching Defaults entries for admin on harbor:
    env_reset, mail_badpass,
    secure_path=/usr/local/sbin\\:/usr/bin,
    use_pty

User admin may run the following commands on harbor:
`

describe('sudo -l', () => {
  it.each([
    ['    (ALL : ALL) NOPASSWD: ALL\n', { everything: true, nopasswd: true, commands: [] }],
    ['    (ALL : ALL) ALL\n', { everything: true, nopasswd: false, commands: [] }],
    ['    (root) ALL\n', { everything: true, nopasswd: false, commands: [] }],
    [
      '    (root) NOPASSWD: /usr/bin/systemctl reload xinetd, /usr/sbin/ipvsadm -Ln\n',
      {
        everything: false,
        nopasswd: false,
        commands: ['/usr/bin/systemctl reload xinetd', '/usr/sbin/ipvsadm -Ln'],
      },
    ],
    ['    (www-data) NOPASSWD: ALL\n', { everything: false, nopasswd: false, commands: [] }],
    [
      '    (root) NOPASSWD: /bin/a, PASSWD: ALL\n    (ALL) /bin/b\n',
      { everything: true, nopasswd: false, commands: ['/bin/a', '/bin/b'] },
    ],
    [
      '    (ALL) SETENV: NOPASSWD: /bin/a x\\,y,\n        /bin/b, ALL\n\nUser admin may…\n',
      { everything: true, nopasswd: true, commands: ['/bin/a x\\,y', '/bin/b'] },
    ],
  ])('reads %j', (rules, expected) => {
    expect(parseSudoList(head + rules)).toEqual({ kind: 'rules', ...expected })
  })

  it('tells its refusals apart', () => {
    expect(parseSudoList('sudo: a password is required\n').kind).toBe('passwordRequired')
    expect(parseSudoList('sudo: sorry, you must have a tty to run sudo\n').kind).toBe('terminalRequired')
    expect(parseSudoList('Sorry, user plain may not run sudo on harbor.\n').kind).toBe('notAllowed')
    expect(parseSudoList('sudo: unable to stat /etc/sudoers\n')).toMatchObject({ kind: 'unknown' })
    expect(sudoRefusal('plain is not in the sudoers file.\n')).toBe('notAllowed')
    expect(sudoRefusal("Sorry, user limited is not allowed to execute '/bin/sh' as root on harbor.")).toBe(
      'notAllowed',
    )
    expect(sudoRefusal('Welcome! sudo: a password is required')).toBeNull()
  })
})
