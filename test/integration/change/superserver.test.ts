import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome, type PlannedChange } from '../../../shared/contract'
import type { Intent } from '../../../shared/model/intent'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

const path = '/etc/xinetd.d/greeting'
const file = `# 问候服务 — ask Li before you change the port!
service greeting
{
	# tabs and   blanks as they grew
	type        = UNLISTED
	socket_type = stream
	protocol    = tcp
	port        = 9201
	wait        = no
	user        = nobody
	server      = /bin/echo
	server_args = hello
	disable     = yes
}

service  other
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = 9202
	wait = no
	user = nobody
	server = /bin/echo
	server_args = other
}
`
const greeting = { path, id: 'greeting', occurrence: 0 }

let lab: Lab
let host: Host
let client: Client

beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({ name: 'quay', units: ['xinetd.service'], files: { [path]: file } })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})
beforeEach(async () => {
  await host.writeFile(path, file)
  await host.must(
    'pidof xinetd >/dev/null && kill -HUP $(cat /run/xinetd.pid) || systemctl restart xinetd; sleep 0.1',
  )
})
afterEach(async () => {
  expect(await leavings()).toBe('')
})

const plan = (intent: Intent, by = client) =>
  Promise.resolve(by.ask['change.plan']({ host: by.host, intent: parsed(intent) }))
/** As the process border does before a handler is called. */
const parsed = (intent: Intent) => methods['change.plan'].params.parse({ host: 'x', intent }).intent
const apply = ({ id, digest }: PlannedChange, by = client) =>
  Promise.resolve(by.ask['change.apply']({ id, digest }))
const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
async function change(intent: Intent, by = client): Promise<ChangeOutcome> {
  return value(await apply(value(await plan(intent, by)), by))
}
const enable: Intent = { capability: 'superserver', kind: 'enableServices', services: [greeting] }
const edit = (set: Record<string, string[] | null>): Intent => ({
  capability: 'superserver',
  kind: 'editService',
  service: greeting,
  set,
})

const text = async (): Promise<string> => (await host.readFile(path)).toString()
/** Inode, owner, mode, links and ACL. */
const identity = () => host.must(`stat -c '%i %u:%g %a %h' ${path}; getfacl -cpn ${path}`)
const identityAndBytes = () =>
  host.must(`stat -c '%u:%g %a %h' ${path}; getfacl -cpn ${path}; sha256sum ${path}`)
const leavings = async (): Promise<string> =>
  host.must(
    'find /etc /srv -xdev -name "*.wharfmaster*" 2>/dev/null; ls /run/xinetd.dump 2>/dev/null || true',
  )
const daemon = async (): Promise<string> => (await host.must('cat /run/xinetd.pid')).trim()

/** All that the service sends; the reason where it refuses. */
function answerOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.address, port })
    let said = ''
    socket.setTimeout(5000, () => socket.destroy(new Error('silent')))
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', () => resolve(said))
    socket.on('error', (error) => (said = 'code' in error ? String(error.code) : error.message))
  })
}

describe('a change that holds', () => {
  it('reaches the daemon, and leaves every other byte, owner, mode and ACL as they were', async () => {
    await host.must(
      `chown 12:34 ${path}; chmod 2640 ${path}; setfacl -m u:33:r ${path}; setfattr -n user.note -v kept ${path} 2>/dev/null || true`,
    )
    const before = (await identity()).split('\n').slice(1).join('\n')
    const pid = await daemon()
    expect(await answerOf(9201)).toBe('ECONNREFUSED')
    const from = client.progress.length
    const outcome = await change(enable)
    expect(outcome).toMatchObject({ kind: 'proved' })
    const told = client.progress.slice(from).flatMap((one) => (one.kind === 'step' ? [one] : []))
    expect(told.map(({ step, steps, host: id }) => [step, steps, id])).toEqual(
      [1, 2, 3, 4, 5].map((step) => [step, 5, client.host]),
    )
    expect(outcome.kind === 'proved' ? outcome.evidence.join('\n') : '').toMatch(
      /greeting tcp\/9201: Active[^]*tcp port 9201: held by pid/,
    )
    expect(await answerOf(9201)).toBe('hello\n')
    expect(await text()).toBe(file.replace('disable     = yes', 'disable     = no'))
    const after = await identity()
    expect(after.split('\n').slice(1).join('\n')).toBe(before)
    expect(after).toMatch(/ 12:34 2640 1\n/)
    expect(await daemon()).toBe(pid)
  })

  it('writes through a symbolic link, and leaves the link', async () => {
    await host.must(
      `mkdir -p /srv/shared && mv ${path} /srv/shared/greeting && ln -s ../../srv/shared/greeting ${path}`,
    )
    try {
      expect(await change(enable)).toMatchObject({ kind: 'proved' })
      expect(await host.must(`readlink ${path}`)).toBe('../../srv/shared/greeting\n')
      expect(await host.must('cat /srv/shared/greeting')).toContain('disable     = no')
    } finally {
      await host.must(`mv -f /srv/shared/greeting ${path}`)
    }
  })

  it('is proved by a dump that grows no file of the administrator’s', async () => {
    const mine = 'INTERNAL STATE DUMP: of last year\nEND OF DUMP\n'
    await host.writeFile('/run/xinetd.dump', mine)
    try {
      expect((await change(enable)).kind).toBe('proved')
      expect((await host.readFile('/run/xinetd.dump')).toString()).toBe(mine)
    } finally {
      await host.must('rm -f /run/xinetd.dump')
    }
  })

  it('is planned beside other readings, none of which takes away the dump of another', async () => {
    const rounds = await Promise.all(['2', '3', '4', '6'].map((n) => plan(edit({ instances: [n] }))))
    expect(rounds.map((answer) => (answer.ok ? 'planned' : answer.problem.code))).toEqual(
      Array<string>(4).fill('planned'),
    )
  })

  it('is not begun where the daemon does not tell its state', async () => {
    await host.must('ln -s /dev/null /run/xinetd.dump')
    try {
      expect(await plan(enable)).toMatchObject({ ok: false, problem: { code: 'superserver.silent' } })
      expect(await text()).toBe(file)
    } finally {
      await host.must('rm -f /run/xinetd.dump')
    }
  })

  it('is not held up by services of inetd.conf, nor by one that could not run before', async () => {
    await host.must(`echo 'daytime stream tcp nowait root /bin/date date' >/etc/inetd.conf
sed -e s/other/third/ -e s/9202/9203/ -e '/^service greeting/,/^}/d' ${path} >/etc/xinetd.d/third
(nc -lk 9203 >/dev/null 2>&1 </dev/null &) ; sleep 0.2; kill -HUP $(cat /run/xinetd.pid); sleep 0.3`)
    try {
      expect(await answerOf(13)).toMatch(/20\d\d/)
      expect(await change(enable)).toMatchObject({ kind: 'proved' })
      expect(await answerOf(9201)).toBe('hello\n')
      expect(await answerOf(13)).toMatch(/20\d\d/)
    } finally {
      await host.must('rm /etc/inetd.conf /etc/xinetd.d/third; pkill -x nc')
    }
  })

  it.each(['noisy', 'tty', 'doas'] as const)('is made by %s as well', async (account) => {
    const it = await signIn(host, account)
    try {
      expect(await change(enable, it)).toMatchObject({ kind: 'proved' })
      expect(await answerOf(9201)).toBe('hello\n')
    } finally {
      await it.end()
    }
  })
})

describe('what was shown is what is done, or nothing', () => {
  it('refuses another digest, an unknown or discarded change, and the same change twice', async () => {
    const planned = value(await plan(enable))
    expect(await apply({ ...planned, digest: 'f'.repeat(64) })).toMatchObject({
      ok: false,
      problem: { code: 'change.differs' },
    })
    expect(await apply({ ...planned, id: 'x' })).toMatchObject({
      ok: false,
      problem: { code: 'change.notPlanned' },
    })
    const discarded = value(await plan(edit({ instances: ['4'] })))
    await client.ask['change.discard']({ id: discarded.id })
    expect(await apply(discarded)).toMatchObject({ ok: false, problem: { code: 'change.notPlanned' } })
    expect(await text()).toBe(file)
    expect(await apply(planned)).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(await apply(planned)).toMatchObject({ ok: false, problem: { code: 'change.notPlanned' } })
  })

  it('finds that somebody else changed the file, writes nothing, and shows the difference', async () => {
    const planned = value(await plan(enable))
    const theirs = file.replace('9202', '9203')
    await host.writeFile(path, theirs)
    const before = await identity()
    const refused = await apply(planned)
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'change.conflict', host: 'quay', params: { path } },
    })
    expect(refused.ok ? '' : refused.problem.detail).toMatch(/-\tport = 9202\n\+\tport = 9203/)
    expect(await text()).toBe(theirs)
    expect(await identity()).toBe(before)
  })

  it('finds that the file is gone', async () => {
    const planned = value(await plan(enable))
    await host.must(`rm ${path}`)
    expect(await apply(planned)).toMatchObject({ ok: false, problem: { code: 'change.conflict' } })
  })

  it('two at once: one is made, the other waits for nobody', async () => {
    const [one, two] = [value(await plan(enable)), value(await plan(edit({ instances: ['3'] })))]
    const answers = await Promise.all([apply(one), apply(two)])
    expect(answers.map((answer) => (answer.ok ? answer.value.kind : answer.problem.code)).sort()).toEqual([
      'change.busy',
      'proved',
    ])
  })

  it('is refused where the host, or the whole app, is read-only', async () => {
    const planned = value(await plan(enable))
    await client.ask['profile.save']({ profile: { ...client.profile, readOnly: true } })
    expect(client.status().readOnly).toBe(true)
    expect(await apply(planned)).toMatchObject({ ok: false, problem: { code: 'app.readOnly', host: 'quay' } })
    await client.ask['profile.save']({ profile: client.profile })
    client.settings({ readOnly: true })
    expect(await apply(planned)).toMatchObject({ ok: false, problem: { code: 'app.readOnly' } })
    client.settings({ readOnly: false })
    expect(await text()).toBe(file)
    expect(await apply(planned)).toMatchObject({ ok: true })
  })

  it('is refused to an account without root', async () => {
    const it = await signIn(host, 'plain')
    expect(await plan(enable, it)).toMatchObject({ ok: false, problem: { code: 'host.privilegeNone' } })
    await it.end()
  })

  it('is refused where a rename would take a hard link apart', async () => {
    await host.must(`ln ${path} /etc/greeting.copy`)
    try {
      expect(await plan(enable)).toMatchObject({
        ok: false,
        problem: { code: 'change.hardLinked', params: { links: 2 } },
      })
    } finally {
      await host.must('rm /etc/greeting.copy')
    }
  })

  it('touches nothing where it cannot write', async () => {
    const planned = value(await plan(enable))
    await host.must('mount --bind /etc/xinetd.d /etc/xinetd.d && mount -o remount,ro,bind /etc/xinetd.d')
    try {
      const refused = await apply(planned)
      expect(refused).toMatchObject({ ok: false, problem: { code: 'change.cannotWrite', params: { path } } })
      expect(refused.ok ? '' : refused.problem.detail).toContain('Read-only file system')
      expect(await text()).toBe(file)
    } finally {
      await host.must('umount /etc/xinetd.d')
    }
  })
})

describe('a change that does not hold is taken back', () => {
  it('when the daemon does not take the service up', async () => {
    await change(enable)
    const [before, inode] = [await text(), await identity()]
    const outcome = await change(edit({ bind: ['203.0.113.9'] }))
    expect(outcome).toMatchObject({ kind: 'rolledBack', problem: { code: 'change.notProved', host: 'quay' } })
    expect(outcome.kind === 'rolledBack' ? outcome.problem.detail : '').toContain(
      'tcp port 9201: not held by xinetd',
    )
    expect(outcome.kind === 'rolledBack' ? outcome.evidence.join('\n') : '').toContain(
      'greeting tcp/9201: Active',
    )
    expect(await text()).toBe(before)
    // The very file: not a copy of it.
    expect(await identity()).toBe(inode)
    expect(await answerOf(9201)).toBe('hello\n')
  })

  it('when the daemon died meanwhile: it runs again afterwards', async () => {
    const planned = value(await plan(enable))
    const before = await identity()
    await host.must('kill -9 $(cat /run/xinetd.pid); sleep 0.2')
    expect(await apply(planned)).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'change.stepFailed' } },
    })
    expect(await text()).toBe(file)
    expect(await identity()).toBe(before)
    expect(await answerOf(9202)).toBe('other\n')
  })
})

describe('a new service', () => {
  const set = {
    type: ['UNLISTED'],
    socket_type: ['stream'],
    protocol: ['tcp'],
    port: ['9207'],
    wait: ['no'],
    user: ['nobody'],
    server: ['/usr/local/sbin/tide'],
  }
  const script = { path: '/usr/local/sbin/tide', text: '#!/bin/sh\necho high at 04:12\n' }
  const tide = { path: '/etc/xinetd.d/tide', id: 'tide' }
  const create: Intent = {
    capability: 'superserver',
    kind: 'createService',
    path: tide.path,
    name: 'tide',
    set,
    script,
  }

  it('stands behind its port with its script, moves into another file, and goes', async () => {
    expect(await change(create)).toMatchObject({ kind: 'proved' })
    expect(await answerOf(9207)).toBe('high at 04:12\n')
    expect(await host.must(`stat -c '%U:%G %a' ${script.path} ${tide.path}`)).toBe(
      'root:root 755\nroot:root 644\n',
    )
    const moved = '/etc/xinetd.d/tide-table'
    expect(
      await change({ capability: 'superserver', kind: 'moveService', service: tide, path: moved }),
    ).toMatchObject({
      kind: 'proved',
    })
    expect(await answerOf(9207)).toBe('high at 04:12\n')
    const service = { ...tide, path: moved }
    expect(await change({ capability: 'superserver', kind: 'deleteService', service })).toMatchObject({
      kind: 'proved',
    })
    expect(await answerOf(9207)).toBe('ECONNREFUSED')
    expect(await host.must('ls /etc/xinetd.d | grep tide || true')).toBe('')
    await host.must(`rm ${script.path}`)
  })

  it('is taken away with its script when the daemon cannot open its port', async () => {
    const bound: Intent = { ...create, set: { ...set, bind: ['203.0.113.9'] } }
    expect(await change(bound)).toMatchObject({ kind: 'rolledBack' })
    expect(await host.must(`ls ${script.path} ${tide.path} 2>/dev/null || true`)).toBe('')
  })
})
describe('a service by another name', () => {
  const berth = '/etc/xinetd.d/berth'
  const own = `# 泊位\n\n# for the gate\nservice berth\n{\n\ttype = UNLISTED\n\tsocket_type = stream\n\tprotocol = tcp\n\tport = 9206\n\twait = no\n\tuser = nobody\n\tserver = /bin/echo\n\tserver_args = berth 7\n}\n`
  const ref = { path: berth, id: 'berth', occurrence: 0 }

  it('answers on its port as it did, is copied beside it, and has its old name again by undo', async () => {
    await host.writeFile(berth, own)
    await host.must(`chmod 640 ${berth}; chgrp 34 ${berth}; kill -HUP $(cat /run/xinetd.pid)`)
    try {
      await expect.poll(() => answerOf(9206)).toBe('berth 7\n')
      const pier = '/etc/xinetd.d/pier'
      const renamed = value(
        await plan({
          capability: 'superserver',
          kind: 'renameService',
          service: ref,
          name: 'pier',
          path: pier,
        }),
      )
      const outcome = value(await apply(renamed))
      expect(outcome).toMatchObject({ kind: 'proved' })
      expect(outcome.kind === 'proved' ? outcome.evidence.join('\n') : '').toMatch(
        /pier tcp\/9206: Active[^]*berth: not in the dump/,
      )
      expect(await answerOf(9206)).toBe('berth 7\n')
      expect(await host.must(`cat ${pier}; stat -c '%g %a' ${pier}; ls ${berth} 2>&1 || true`)).toBe(
        `${own.replace('service berth', 'service pier')}34 640\nls: cannot access '${berth}': No such file or directory\n`,
      )

      const copied = value(
        await plan({
          capability: 'superserver',
          kind: 'copyService',
          service: { ...ref, path: pier, id: 'pier' },
          name: 'pier-2',
          path: `${pier}-2`,
          set: { port: ['9207'] },
        }),
      )
      expect(value(await apply(copied))).toMatchObject({ kind: 'proved' })
      expect(await Promise.all([9206, 9207].map(answerOf))).toEqual(['berth 7\n', 'berth 7\n'])

      for (const { id } of [copied, renamed]) {
        const undo = value(await client.ask['history.undo']({ id }))
        expect(value(await apply(undo))).toMatchObject({ kind: 'proved' })
      }
      expect(await Promise.all([9206, 9207].map(answerOf))).toEqual(['berth 7\n', 'ECONNREFUSED'])
      expect(
        await host.must(`cat ${berth}; stat -c '%g %a' ${berth}; ls /etc/xinetd.d | grep pier || true`),
      ).toBe(`${own}34 640\n`)
    } finally {
      await host.must('rm -f /etc/xinetd.d/berth /etc/xinetd.d/pier*')
    }
  })

  it('listens on two addresses by two services, each with an id of its own', async () => {
    const crane = '/etc/xinetd.d/crane'
    const on = (id: string, address: string) => ({
      id: [id],
      type: ['UNLISTED'],
      socket_type: ['stream'],
      protocol: ['tcp'],
      port: ['9208'],
      bind: [address],
      wait: ['no'],
      user: ['nobody'],
      server: ['/bin/echo'],
      server_args: [id],
    })
    try {
      expect(
        await change({
          capability: 'superserver',
          kind: 'createService',
          path: crane,
          name: 'crane',
          set: on('crane', '127.0.0.1'),
          also: [on('crane-2', host.address)],
        }),
      ).toMatchObject({ kind: 'proved' })
      expect(await answerOf(9208)).toBe('crane-2\n')
      expect(await host.must('nc -w 3 127.0.0.1 9208 </dev/null')).toBe('crane\n')
    } finally {
      await host.must(`rm -f ${crane}`)
    }
  })
})

describe('defaults', () => {
  const main = '/etc/xinetd.conf'
  let before = ''
  const defaults = (set: Record<string, unknown>, more: object = {}): Intent =>
    parsed({
      capability: 'superserver',
      kind: 'editDefaults',
      defaults: { path: main },
      set,
      ...more,
    } as Intent)
  beforeEach(async () => {
    before = await host.must(`cat ${main}`)
    value(await apply(value(await plan(enable))))
  })
  afterEach(() => host.writeFile(main, before))

  it('are inherited by what runs, as the daemon itself says, and are undone', async () => {
    const made = value(
      await plan(
        defaults({ only_from: ['127.0.0.1'], instances: ['7'], cps: ['20', '5'] }, { comment: ['for all'] }),
      ),
    )
    const outcome = value(await apply(made))
    expect(outcome).toMatchObject({ kind: 'proved' })
    expect(outcome.kind === 'proved' ? outcome.evidence.join('\n') : '').toMatch(
      /defaults: Instances = 7, CPS = max conn:20 wait:5[^]*greeting tcp\/9201: Active/,
    )
    expect(await answerOf(9201)).toBe('')
    expect(await host.must('nc -w 3 127.0.0.1 9201 </dev/null')).toBe('hello\n')
    const after = await host.must(`cat ${main}`)
    expect(after).toMatch(/# for all\ndefaults\n\{[^}]*only_from\s+= 127.0.0.1\n/)

    value(await apply(value(await client.ask['history.undo']({ id: made.id }))))
    expect(await host.must(`cat ${main}`)).toBe(before)
    expect(await answerOf(9201)).toBe('hello\n')
  })

  it('are not written where the daemon would end over them, or make nothing of them', async () => {
    const twice = [
      { operator: '=', values: ['SYSLOG', 'daemon', 'info'] },
      { operator: '+=', values: ['SYSLOG', 'daemon', 'info'] },
    ]
    expect(await plan(defaults({ log_type: twice }))).toMatchObject({
      ok: false,
      problem: { code: 'superserver.wouldExit', params: { cause: 'badDefault', path: main } },
    })
    expect(await plan(defaults({ bind: ['127.0.0.1', '127.0.0.2'] }))).toMatchObject({
      ok: false,
      problem: { code: 'superserver.wouldIgnore', params: { attribute: 'bind', cause: 'wrongCount' } },
    })
    expect(await host.must(`cat ${main}`)).toBe(before)
  })
})

describe('undo', () => {
  it('gives back every byte, owner, mode, ACL and the daemon’s state, as a change of its own', async () => {
    const owners = ['0:0 644', '12:34 2640', '0:5 600']
    for (const [at, owner] of owners.entries()) {
      const [ids, mode] = owner.split(' ')
      await host.writeFile(path, `${file}# \u{1f6a2} ${at}\r\n`)
      await host.must(
        `chown ${ids} ${path}; chmod ${mode} ${path}; setfacl -b ${path}; [ ${at} = 0 ] || setfacl -m u:33:r ${path}`,
      )
      const before = await identityAndBytes()
      const made = value(await plan(at === 1 ? edit({ port: ['9203'], disable: ['no'] }) : enable))
      expect(value(await apply(made))).toMatchObject({ kind: 'proved' })
      expect(await identityAndBytes()).not.toBe(before)
      expect(await answerOf(at === 1 ? 9203 : 9201)).toBe('hello\n')
      const undo = value(await client.ask['history.undo']({ id: made.id }))
      expect(value(await apply(undo))).toMatchObject({ kind: 'proved' })
      expect(await identityAndBytes()).toBe(before)
      expect(await answerOf(at === 1 ? 9203 : 9201)).toBe('ECONNREFUSED')
      const [newest, older] = value(await client.ask['history.list']({ text: '', limit: 2 }))
      expect(newest).toMatchObject({ id: undo.id, undoOf: made.id, outcome: { kind: 'proved' } })
      expect(older).toMatchObject({ id: made.id, undoneBy: undo.id })
      expect(await client.ask['history.undo']({ id: made.id })).toMatchObject({
        ok: false,
        problem: { code: 'change.notUndoable' },
      })
    }
  })

  it('is refused when the file is no longer as the change left it', async () => {
    const made = value(await plan(enable))
    expect(value(await apply(made))).toMatchObject({ kind: 'proved' })
    await host.must(`echo '# mine' >>${path}`)
    expect(await client.ask['history.undo']({ id: made.id })).toMatchObject({
      ok: false,
      problem: { code: 'change.conflict', params: { path } },
    })
  })
})

describe('the history', () => {
  it('says who changed what, where and when, and is searched by paths and commands', async () => {
    const made = value(await plan({ ...enable, reason: 'ticket 4711' }))
    await apply(made)
    const found = value(await client.ask['history.list']({ text: 'TICKET xinetd.d/greeting', limit: 5 }))
    expect(found[0]).toMatchObject({
      id: made.id,
      by: expect.stringMatching(/^\S+@\S+$/),
      hosts: [{ id: client.host, account: `admin@${host.address}` }],
      reason: 'ticket 4711',
      outcome: { kind: 'proved' },
    })
    expect(value(await client.ask['history.list']({ text: 'no such words', limit: 5 }))).toEqual([])
    const detail = value(await client.ask['history.get']({ id: made.id }))
    expect(detail.preview.parts[0]?.files[0]).toMatchObject({ path, added: 1, removed: 1 })
    expect(detail.undoable).toBe(true)
  })
})
