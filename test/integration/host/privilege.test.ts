import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect, knownHostsIn, type Channel, type Transport } from '../../../main/ssh'
import { launch, type Way } from '../../../main/host/launch'
import { converse } from '../../../main/host/conversation'
import { buildScript } from '../../../main/host/script'
import type { Privilege } from '../../../shared/contract'
import { accounts, type AccountName } from '../../lab/accounts'
import type { Host } from '../../lab/host'
import { catalogue } from '../../lab/catalogue'
import { openLab, type Lab } from '../../lab/lab'
import { value } from '../ssh/harness'
import { signIn, type Client } from './client'

let lab: Lab
let host: Host
let client: Client | null = null

beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({ name: 'berth' })
})
afterAll(() => lab.close())
afterEach(async () => {
  await client?.end()
  client = null
})

const as = async (account: AccountName): Promise<Client> => (client = await signIn(host, account))
const unlock = (it: Client, minutes = 0) => it.ask['host.unlock']({ host: it.host, minutes })

/** Lines of the host's own authentication log. */
async function logLines(pattern: string): Promise<number> {
  await host.must('journalctl --sync')
  return Number(await host.must(`journalctl -q --no-pager | grep -cE ${JSON.stringify(pattern)} || true`))
}

/** A connection without the app's service around it. */
function connectTo({ name, address }: Pick<Host, 'name' | 'address'>, account: AccountName): Transport {
  const { user, password } = accounts[account]
  const auth = [{ kind: 'password' }] as const
  return connect([{ name, address, port: 22, user, auth, legacy: false, keepalive: true }], {
    asker: { prompt: () => Promise.resolve([password]), hostKey: () => Promise.resolve('accept-once') },
    knownHosts: knownHostsIn(['/nonexistent/known_hosts']),
    env: { platform: 'linux', home: '/nonexistent', user: 'tester', hostname: 'here', variables: {} },
    log: () => undefined,
  })
}

describe('what an account may do is found out without a question', () => {
  const known: readonly (readonly [AccountName, Privilege])[] = [
    ['root', { kind: 'root' }],
    ['admin', { kind: 'sudo', how: 'nopasswd' }],
    ['csh', { kind: 'sudo', how: 'nopasswd' }],
    ['fish', { kind: 'sudo', how: 'nopasswd' }],
    ['noisy', { kind: 'sudo', how: 'nopasswd' }],
    ['doasfree', { kind: 'doas', how: 'nopasswd' }],
    ['pat', { kind: 'locked', by: 'sudo' }],
    ['tty', { kind: 'locked', by: 'sudo' }],
    ['doas', { kind: 'locked', by: 'doas' }],
    ['limited', { kind: 'limited', commands: ['/usr/bin/systemctl reload xinetd', '/usr/sbin/ipvsadm -Ln'] }],
  ]
  it('for each of them', async () => {
    const found = await Promise.all(
      known.map(async ([account, privilege]) => {
        const it = await signIn(host, account)
        const asked = it.questions.length
        // A reading takes the detection along.
        expect((await it.ask['part.open']({ host: it.host, part: 'facts' })).ok).toBe(true)
        await expect.poll(() => it.status().privilege, { timeout: 10_000 }).toEqual(privilege)
        expect(it.questions.length, account).toBe(asked)
        await it.end()
        return account
      }),
    )
    expect(found).toEqual(known.map(([account]) => account))
  })
})

describe('root by password', () => {
  it('is asked for once, of sudo, of requiretty’s sudo and of doas', async () => {
    const ways = [
      ['pat', 'sudo'],
      ['odd', 'sudo'],
      ['tick', 'sudo'],
      ['tty', 'sudo'],
      ['doas', 'doas'],
    ] as const
    const seen = await Promise.all(
      ways.map(async ([account, by]) => {
        const it = await signIn(host, account)
        const before = it.questions.length
        const answers = [await unlock(it), await unlock(it)]
        const asked = it.questions.slice(before)
        expect(asked, account).toMatchObject([{ kind: 'prompt', purpose: 'sudo', host: 'berth', attempt: 1 }])
        const locked = await it.ask['host.lock']({ host: it.host })
        await it.end()
        return { account, answers, locked, by }
      }),
    )
    for (const { answers, locked, by } of seen) {
      const open = { ok: true, value: { kind: by, how: 'password' } }
      expect(answers).toEqual([open, open])
      expect(locked).toEqual({ ok: true, value: { kind: 'locked', by } })
    }
  })

  it('one wrong answer is one try in the log, and is asked again as the second', async () => {
    const it = await as('pat')
    it.answerWith('wrong', accounts.pat.password)
    const failures = await logLines('pam_unix\\(sudo:auth\\): authentication failure')
    expect(await unlock(it)).toMatchObject({ ok: true })
    expect(await logLines('pam_unix\\(sudo:auth\\): authentication failure')).toBe(failures + 1)
    expect(await logLines('pat : 1 incorrect password attempt')).toBe(1)
    expect(it.questions.flatMap((one) => (one.kind === 'prompt' ? [one.attempt] : [])).slice(-2)).toEqual([
      1, 2,
    ])
  })

  it('one wrong answer to requiretty’s sudo, or to doas, is one try as well', async () => {
    const tryWrong = async ([account, service]: readonly [AccountName, string]) => {
      const failure = `pam_unix\\(${service}:auth\\): authentication failure.* user=${account}`
      const before = await logLines(failure)
      const it = await signIn(host, account)
      it.answerWith('wrong', null)
      expect(await unlock(it)).toMatchObject({ ok: false, problem: { code: 'app.cancelled' } })
      expect(await logLines(failure), account).toBe(before + 1)
      await it.end()
    }
    await Promise.all([tryWrong(['tty', 'sudo']), tryWrong(['doas', 'doas'])])
  })

  it('a cancelled question is no try', async () => {
    const it = await as('pat')
    it.answerWith(null)
    const before = await logLines('authentication failure.*pat|incorrect password')
    expect(await unlock(it)).toMatchObject({ ok: false, problem: { code: 'app.cancelled', host: 'berth' } })
    expect(await logLines('authentication failure.*pat|incorrect password')).toBe(before)
  })

  it('two who want root at once make one question', async () => {
    const it = await as('pat')
    const before = it.questions.length
    const both = await Promise.all([unlock(it), unlock(it), unlock(it)])
    expect(both.every(({ ok }) => ok)).toBe(true)
    expect(it.questions.length).toBe(before + 1)
  })

  it('is told apart from a password that was taken by a sudo that then refuses', async () => {
    const it = await as('plain')
    expect(await unlock(it)).toMatchObject({
      ok: false,
      problem: { code: 'host.privilegeNone', host: 'berth' },
    })
    expect(it.status().privilege).toEqual({ kind: 'none' })
  })

  it('is refused without a question where sudo allows single commands only', async () => {
    const it = await as('limited')
    const before = it.questions.length
    expect(await unlock(it)).toMatchObject({ ok: false, problem: { code: 'host.privilegeLimited' } })
    expect(it.questions.length).toBe(before)
  })

  it('is forgotten after its minutes', async () => {
    const it = await as('pat')
    expect(await unlock(it, 0.02)).toMatchObject({ ok: true })
    expect(it.status().privilege).toEqual({ kind: 'sudo', how: 'password' })
    await expect.poll(() => it.status().privilege, { timeout: 5000 }).toEqual({ kind: 'locked', by: 'sudo' })
  })

  it('leaves no password in events, logs, files of the app, or argument lists of the host', async () => {
    const it = await as('odd')
    const { password } = accounts.odd
    expect(await unlock(it)).toMatchObject({ ok: true })
    const watch = host.must(
      'for i in 1 2 3 4 5 6 7 8; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ; sleep 0.05; done 2>/dev/null | tr "\\000" "\\n"',
    )
    expect(await unlock(it)).toMatchObject({ ok: true })
    expect(await watch).not.toContain(password)
    expect(JSON.stringify(it.events)).not.toContain(JSON.stringify(password).slice(1, -1))
    expect(it.logged.join('\n')).not.toContain(password)
    expect(
      await host.must('journalctl -q --no-pager; cat /home/odd/.*history 2>/dev/null || true'),
    ).not.toContain(password)
  })
})

describe('on a host whose tools speak Chinese', () => {
  let quay: Host
  const translated = {
    'Linux-PAM': { 'Password: ': '密码：', 'Password:': '密码：' },
    sudo: { 'a password is required': '需要密码' },
    sudoers: {
      'a password is required': '需要密码',
      'Sorry, try again.': '对不起，请重试。',
      '%s is not in the sudoers file.\n': '%s 不在 sudoers 文件中。\n',
      '%s is not in the sudoers file.': '%s 不在 sudoers 文件中。',
      'sorry, you must have a tty to run sudo': '对不起，您必须拥有一个终端来执行 sudo',
    },
  }
  beforeAll(async () => {
    quay = await lab.host({ name: 'quay' })
    const folder = '/usr/share/locale/zh_CN/LC_MESSAGES'
    await quay.must(`mkdir -p ${folder}`)
    for (const [domain, messages] of Object.entries(translated))
      await quay.writeFile(`${folder}/${domain}.mo`, catalogue(messages))
    await quay.writeFile('/etc/default/locale', 'LANG=zh_CN.UTF-8\nLANGUAGE=zh_CN\n')
  })

  it('they do so, to who asks as a user does', async () => {
    const transport = connectTo(quay, 'pat')
    try {
      const { stderr } = value(await transport.exec('sudo -n true', { maxBytes: 1000, timeoutMs: 20_000 }))
      expect(Buffer.from(stderr).toString()).toContain('需要密码')
    } finally {
      transport.close()
    }
  })

  it.each([
    ['pat', 'sudo'],
    ['odd', 'sudo'],
    ['tty', 'sudo'],
    ['doas', 'doas'],
  ] as const)('%s becomes root by a password that is asked for once', async (account, by) => {
    const it = await signIn(quay, account)
    expect((await it.ask['part.open']({ host: it.host, part: 'facts' })).ok).toBe(true)
    await expect.poll(() => it.status().privilege, { timeout: 10_000 }).toEqual({ kind: 'locked', by })
    const before = it.questions.length
    expect(await unlock(it)).toEqual({ ok: true, value: { kind: by, how: 'password' } })
    expect(it.questions.length).toBe(before + 1)
    await it.end()
  })

  it('a sudo that takes the password and refuses is not asked again', async () => {
    const it = await signIn(quay, 'plain')
    const before = it.questions.length
    expect(await unlock(it)).toMatchObject({ ok: false, problem: { code: 'host.privilegeNone' } })
    expect(it.questions.length).toBe(before + 1)
    await it.end()
  })
})

describe('a ticket', () => {
  it('is used without a question, and a ticket that ran out is asked for', async () => {
    const ticket = `echo ${accounts.tick.password} | sudo -S -p "" true`
    await host.must(ticket, { user: 'tick' })
    const it = await as('tick')
    const before = it.questions.length
    expect(await unlock(it)).toEqual({ ok: true, value: { kind: 'sudo', how: 'ticket' } })
    expect(it.questions.length).toBe(before)
    await host.must('sudo -K', { user: 'tick' })
    expect(await unlock(it)).toEqual({ ok: true, value: { kind: 'sudo', how: 'password' } })
    expect(it.questions.length).toBe(before + 1)
  })
})

describe('the password is written to a prompt and to nothing else', () => {
  const open: Transport[] = []
  afterEach(() => {
    for (const transport of open.splice(0)) transport.close()
  })

  /** A real transport whose channels note what is written to them. */
  async function spying(account: AccountName): Promise<{ transport: Transport; written: () => string }> {
    const chunks: Buffer[] = []
    const real = connectTo(host, account)
    open.push(real)
    await expect.poll(() => real.state.kind, { timeout: 20_000 }).toBe('up')
    const spy = (channel: Channel): Channel => {
      const { stream } = channel
      const write = stream.write.bind(stream)
      const end = stream.end.bind(stream)
      Object.assign(stream, {
        write: (chunk: Uint8Array) => (chunks.push(Buffer.from(chunk)), write(chunk)),
        end: (chunk?: Uint8Array) => {
          if (chunk === undefined) return end()
          chunks.push(Buffer.from(chunk))
          return end(chunk)
        },
      })
      return channel
    }
    const transport: Transport = {
      ...real,
      state: real.state,
      open: async (command, options) => {
        const opened = await real.open(command, options)
        return opened.ok ? { ok: true, value: spy(opened.value) } : opened
      },
    }
    return { transport, written: () => Buffer.concat(chunks).toString('utf8') }
  }

  async function run(transport: Transport, way: Way, password: string | null) {
    const script = Buffer.from(buildScript('cafe', [{ name: 'x', body: 'id -un', seconds: 5 }]))
    return converse(transport, {
      launch: launch(way, 'beef'),
      nonce: 'cafe',
      script,
      maxBytes: 1e6,
      timeoutMs: 1e4,
      password,
    })
  }
  const sudo = { kind: 'sudo', program: '/usr/bin/sudo', pty: false, password: true } as const

  it('not where NOPASSWD asks nothing, whatever the login shell', async () => {
    const shells = ['admin', 'csh', 'fish', 'noisy'] as const
    await Promise.all(
      shells.map(async (account) => {
        const { transport, written } = await spying(account)
        const told = await run(transport, sudo, 'the-secret-word')
        expect(told.kind, account).toBe('answered')
        expect(written()).toContain('id -un')
        expect(written()).not.toContain('the-secret-word')
      }),
    )
  })

  it('not to a shell that prints its commands as it runs them', async () => {
    await host.must(
      `cp /home/noisy/.bashrc /home/noisy/.bashrc.kept; printf 'set -xv\\n' >>/home/noisy/.bashrc`,
    )
    try {
      const { transport, written } = await spying('noisy')
      expect((await run(transport, sudo, 'the-secret-word')).kind).toBe('answered')
      expect(written()).not.toContain('the-secret-word')
    } finally {
      await host.must('mv /home/noisy/.bashrc.kept /home/noisy/.bashrc')
    }
  })

  it('once, and the script only after it was taken', async () => {
    const { transport, written } = await spying('pat')
    expect((await run(transport, sudo, 'wrong')).kind).toBe('wrongPassword')
    expect(written()).toBe('wrong\n')
    expect((await run(transport, sudo, null)).kind).toBe('passwordAsked')
    expect(written()).toBe('wrong\n')
  })
})
