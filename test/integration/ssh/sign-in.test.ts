import { afterEach, describe, expect, test } from 'vitest'
import type { AuthMethod, PromptQuestion } from '../../../main/ssh'
import { accounts, oneTimePassword } from '../../lab/accounts'
import type { AccountName } from '../../lab/accounts'
import { practice } from '../../lab/practice/practice'
import {
  closeTransports,
  emptyHome,
  hopTo,
  open,
  problemOf,
  scriptedAsker,
  text,
  untilState,
  value,
} from './harness'

const { host, lab } = practice()
const { address } = host('harbor')

afterEach(closeTransports)

const to = (user: AccountName, auth: readonly AuthMethod[]) => [
  hopTo(22, auth, { address, user, name: 'harbor' }),
]
const bounds = { maxBytes: 10_000, timeoutMs: 20_000 }
const password = [{ kind: 'password' }] as const
const interactive = [{ kind: 'keyboard-interactive' }] as const
const key = { kind: 'key', path: lab.keys.ed25519 } as const

describe('by password', () => {
  test.each(['admin', 'odd', 'csh', 'fish', 'noisy'] as const)('%s', async (user) => {
    const asker = scriptedAsker(() => [accounts[user].password])
    const transport = open(to(user, password), { env: await emptyHome(), asker })
    const result = value(await transport.exec("exec /bin/sh -c 'id -un'", bounds))
    expect(text(result.stdout)).toMatch(new RegExp(`(^|\\n)${user}\\n`))
    expect(asker.prompts).toEqual([
      expect.objectContaining({
        host: 'harbor',
        purpose: 'password',
        attempt: 1,
        prompts: [{ text: expect.stringContaining(user), echo: false }],
      }),
    ])
  })

  test('a wrong one is one try, and the next question says so', async () => {
    const asker = scriptedAsker(({ attempt }) => [attempt === 1 ? 'wrong' : accounts.pat.password])
    const mark = new Date().toISOString()
    const transport = open(to('pat', password), { env: await emptyHome(), asker })
    await untilState(transport, 'up')
    expect(asker.prompts.map(({ attempt }) => attempt)).toEqual([1, 2])
    const journal = await host('harbor').must(
      `journalctl -t sshd --since '${mark.slice(0, 19).replace('T', ' ')}' -o cat | grep -c 'Failed password for pat'`,
    )
    expect(Number(journal)).toBe(1)
  })

  test('three wrong ones end it, over both ways to ask; cancelling ends it at once', async () => {
    const asker = scriptedAsker(() => ['wrong'])
    const problem = await problemOf(to('pat', [...interactive, ...password]), {
      env: await emptyHome(),
      asker,
    })
    expect(problem).toMatchObject({ code: 'ssh.authFailed', params: { user: 'pat' } })
    expect(asker.prompts).toHaveLength(3)
    const cancelled = await problemOf(to('pat', password), {
      env: await emptyHome(),
      asker: scriptedAsker(() => null),
    })
    expect(cancelled.code).toBe('ssh.cancelled')
  }, 40_000)
})

describe('keyboard-interactive', () => {
  const answerOtp = ({ prompts }: PromptQuestion) =>
    prompts.map(({ text: asked }) => (/one-time/i.test(asked) ? oneTimePassword() : accounts.otp.password))

  test('several prompts, answered in turn', async () => {
    const asker = scriptedAsker(answerOtp)
    const transport = open(to('otp', interactive), { env: await emptyHome(), asker })
    expect(text(value(await transport.exec('id -un', bounds)).stdout)).toBe('otp\n')
    expect(asker.prompts.length).toBeGreaterThanOrEqual(1)
    expect(asker.prompts.flatMap(({ prompts }) => prompts).length).toBe(2)
    expect(asker.prompts.every(({ purpose }) => purpose === 'keyboard-interactive')).toBe(true)
  })

  test('a password is used again for a second connection, a one-time code is not', async () => {
    const asker = scriptedAsker(({ prompts }) => prompts.map(() => accounts.admin.password))
    const transport = open(to('admin', interactive), { env: await emptyHome(), asker })
    await untilState(transport, 'up')
    const shells = await Promise.all(
      Array.from({ length: 12 }, () => transport.shell({ pty: { term: 'xterm', columns: 80, rows: 24 } })),
    )
    for (const shell of shells) value(shell).close()
    expect(asker.prompts).toHaveLength(1)
  })
})

describe('both a key and a password', () => {
  test.each([
    ['in the order the server wants', [key, { kind: 'password' }]],
    ['named the other way round', [{ kind: 'password' }, key]],
    [
      'with methods between that the server does not take',
      [{ kind: 'keyboard-interactive' }, { kind: 'password' }, { kind: 'agent' }, key],
    ],
  ] as const)('%s', async (_, auth) => {
    const asker = scriptedAsker(() => [accounts.both.password])
    const transport = open(to('both', auth), { env: await emptyHome(), asker })
    expect(text(value(await transport.exec('id -un', bounds)).stdout)).toBe('both\n')
    expect(asker.prompts).toHaveLength(1)
  })
})

test('no second answer is needed when the host is rebooted', async () => {
  const asker = scriptedAsker(() => [accounts.pat.password])
  const transport = open(
    [hopTo(22, password, { address: host('jump3').address, user: 'pat', name: 'jump3' })],
    {
      env: await emptyHome(),
      asker,
      pauses: [300],
    },
  )
  await untilState(transport, 'up')
  const lost = untilState(transport, 'lost', 30_000)
  await host('jump3').reboot()
  await lost
  await untilState(transport, 'up', 30_000)
  expect(text(value(await transport.exec('id -un', bounds)).stdout)).toBe('pat\n')
  expect(asker.prompts).toHaveLength(1)
}, 60_000)
