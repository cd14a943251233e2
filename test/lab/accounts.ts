import { createHmac } from 'node:crypto'

/**
 * The accounts of every practice host, made by base/customize.sh. All of them also accept each of the lab's
 * keys (`lab.keys`). Passwords are practice passwords on addresses that lead nowhere.
 */
export type Account = {
  readonly user: string
  readonly password: string
  readonly shell: '/bin/bash' | '/bin/sh' | '/bin/tcsh' | '/usr/bin/fish'
  /** How it becomes root, if at all. */
  readonly privilege:
    | 'root'
    | 'sudo without password'
    | 'sudo with password'
    | 'sudo with password, one ticket for all sessions'
    | 'sudo with password, requiretty'
    | 'sudo for two commands only'
    | 'doas with password'
    | 'doas without password'
    | 'none'
  readonly note: string
}

export const accounts = {
  root: { user: 'root', password: 'root-password', shell: '/bin/bash', privilege: 'root', note: '' },
  admin: {
    user: 'admin',
    password: 'admin',
    shell: '/bin/bash',
    privilege: 'sudo without password',
    note: 'the account to use unless a test is about another',
  },
  pat: {
    user: 'pat',
    password: 'pat-password',
    shell: '/bin/bash',
    privilege: 'sudo with password',
    note: 'a ticket belongs to one terminal or parent process (sudo’s default)',
  },
  odd: {
    user: 'odd',
    password: 'pä\'ss "w" \\ $HOME 密码',
    shell: '/bin/bash',
    privilege: 'sudo with password',
    note: 'a password with quotes, blanks, a backslash, a dollar sign and UTF-8',
  },
  tick: {
    user: 'tick',
    password: 'tick-password',
    shell: '/bin/bash',
    privilege: 'sudo with password, one ticket for all sessions',
    note: 'Defaults timestamp_type=global',
  },
  tty: {
    user: 'tty',
    password: 'tty-password',
    shell: '/bin/bash',
    privilege: 'sudo with password, requiretty',
    note: 'Defaults requiretty',
  },
  limited: {
    user: 'limited',
    password: 'limited-password',
    shell: '/bin/bash',
    privilege: 'sudo for two commands only',
    note: 'systemctl reload xinetd; ipvsadm -Ln; both without password',
  },
  doas: {
    user: 'doas',
    password: 'doas-password',
    shell: '/bin/bash',
    privilege: 'doas with password',
    note: 'not in sudoers',
  },
  doasfree: {
    user: 'doasfree',
    password: 'doasfree-password',
    shell: '/bin/sh',
    privilege: 'doas without password',
    note: 'not in sudoers; dash',
  },
  plain: {
    user: 'plain',
    password: 'plain-password',
    shell: '/bin/bash',
    privilege: 'none',
    note: 'neither sudo nor doas',
  },
  csh: {
    user: 'csh',
    password: 'csh-password',
    shell: '/bin/tcsh',
    privilege: 'sudo without password',
    note: '',
  },
  fish: {
    user: 'fish',
    password: 'fish-password',
    shell: '/usr/bin/fish',
    privilege: 'sudo without password',
    note: '',
  },
  noisy: {
    user: 'noisy',
    password: 'noisy-password',
    shell: '/bin/bash',
    privilege: 'sudo without password',
    note: 'rc files print on stdout and stderr, clear, alias, cd and set BASH_ENV, for commands too',
  },
  otp: {
    user: 'otp',
    password: 'otp-password',
    shell: '/bin/bash',
    privilege: 'none',
    note: 'keyboard-interactive asks for the password, then for oneTimePassword(); no password method',
  },
  both: {
    user: 'both',
    password: 'both-password',
    shell: '/bin/bash',
    privilege: 'none',
    note: 'sshd wants a key and then the password (AuthenticationMethods publickey,password)',
  },
  desk: {
    user: 'desk',
    password: 'desk-password',
    shell: '/bin/bash',
    privilege: 'none',
    note: 'has ~/.vnc with twm and xterm; its VNC password is vncPassword',
  },
} as const satisfies Record<string, Account>

export type AccountName = keyof typeof accounts

/** The VNC password of `desk` (VncAuth uses 8 characters at most). */
export const vncPassword = 'desk-vnc'

/** The code that `otp` is asked for at `at` (milliseconds since 1970): RFC 6238, HMAC-SHA-1, six digits, 30 s. */
export function oneTimePassword(at: number = Date.now()): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', '12345678901234567890').update(counter).digest()
  const offset = mac.readUInt8(mac.length - 1) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
