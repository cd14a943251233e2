import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accounts, oneTimePassword, type Account } from './accounts'
import { practice } from './practice/practice'
import { run, type Ran } from './run'

const { host, lab } = practice()

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wharfmaster-accounts-'))
  const script =
    '#!/bin/sh\ncase $1 in *ne-time*) printf "%s\\n" "$CODE" ;; *) printf "%s\\n" "$PASSWORD" ;; esac\n'
  writeFileSync(join(folder, 'askpass'), script)
  chmodSync(join(folder, 'askpass'), 0o700)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Signs in with OpenSSH's client, which asks `askpass` for every prompt. */
function signIn(account: Account, code: string, ...options: readonly string[]): Promise<Ran> {
  return run([
    ...(['env', `PASSWORD=${account.password}`, `CODE=${code}`, `SSH_ASKPASS=${folder}/askpass`] as const),
    ...['SSH_ASKPASS_REQUIRE=force', 'setsid', 'ssh', '-F', 'none', '-o', 'NumberOfPasswordPrompts=1'],
    ...[
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'LogLevel=ERROR',
      ...options,
    ],
    ...[`${account.user}@${host('harbor').address}`, 'id -un'],
  ])
}

const withoutKey = ['-o', 'PubkeyAuthentication=no'] as const

test.concurrent.each(Object.values(accounts))('$user signs in with its password', async (account) => {
  const key = account.user === 'both' ? ['-i', lab.keys.ed25519, '-o', 'IdentitiesOnly=yes'] : withoutKey
  const { stdout, stderr } = await signIn(account, oneTimePassword(), ...key)
  expect(stdout.toString().trim().split('\n').at(-1), stderr).toBe(account.user)
})

test('otp needs the right code after the password, as often as tests sign in', async () => {
  expect((await signIn(accounts.otp, '000000', ...withoutKey)).code).toBe(255)
  expect((await signIn(accounts.otp, oneTimePassword(), ...withoutKey)).code).toBe(0)
  expect((await signIn(accounts.otp, oneTimePassword(), ...withoutKey)).code).toBe(0)
})

test('both gets in by neither its key nor its password alone', async () => {
  expect((await signIn(accounts.both, '', ...withoutKey)).code).toBe(255)
  const keyAlone = ['-i', lab.keys.ed25519, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes']
  expect((await signIn(accounts.both, '', ...keyAlone)).code).toBe(255)
})

test('accounts become root as they are said to, and no others do', async () => {
  const harbor = host('harbor')
  const becomes = async ({ user }: Account, command: string, input = ''): Promise<string> =>
    (await harbor.sh(command, { user, input })).stdout.trim()
  for (const account of Object.values(accounts)) {
    const sudo = await becomes(account, 'sudo -k -S -p "" id -u', `${account.password}\n`)
    const hasSudo = account.privilege.startsWith('sudo') && !/requiretty|two commands/.test(account.privilege)
    expect(sudo, account.user).toBe(hasSudo || account.privilege === 'root' ? '0' : '')
  }
  expect(await becomes(accounts.doasfree, 'doas -n id -u')).toBe('0')
  expect(await becomes(accounts.doas, 'doas -n id -u')).toBe('')
  expect(await becomes(accounts.limited, 'sudo -n ipvsadm -Ln 2>&1 | head -1')).not.toMatch(/password/)
})
