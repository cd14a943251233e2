import { describe, expect, it } from 'vitest'
import { leadsToA, leadsToB, name, path, service, unwatch, useGate, watch } from './gate'

/** A redirection of a real xinetd that changes by itself, while two real backends come and go behind it. */
const { gate } = useGate()

describe('a redirection that changes by itself', () => {
  it('leads to the one that answers: what fails, fails before the switch, and nothing fails after it or on the way back', async () => {
    const made = await gate().apply(watch)
    expect(made).toMatchObject({ kind: 'proved' })
    expect(made.kind === 'proved' ? made.evidence.join('\n') : '').toMatch(
      new RegExp(`${name}.timer: active, enabled\n${name}: a round was made at \\d+`),
    )
    expect(
      await gate().host.must(`stat -c '%U:%G %a' /usr/local/sbin/${name}; ls -ld /run/${name} | cut -c1-10`),
    ).toBe('root:root 755\ndrwx------\n')
    const out = await gate().exchangesWhile(async () => {
      await gate().more(1)
      await gate().host.must('systemctl kill -s KILL backend-a')
      await gate().leadsTo(leadsToB)
      await gate().more(2)
    })
    expect(out, 'a while it lives, none, then b alone').toMatch(/^a+x+b+$/)
    expect(await gate().host.must(`journalctl -q -o cat -t ${name}`)).toBe(
      'gate: no answer 4 times from 127.0.0.1 9401; leads to 127.0.0.1 9402\n',
    )
    const back = await gate().exchangesWhile(async () => {
      await gate().host.must('systemctl start backend-a')
      await gate().leadsTo(leadsToA)
      await gate().more(2)
    })
    expect(back, 'nothing fails on the way back').toMatch(/^b+a+$/)
    expect(await gate().host.must(`journalctl -q -o cat -t ${name} | tail -n 1`)).toBe(
      'gate: 127.0.0.1 9401 is back; left 127.0.0.1 9402; leads to 127.0.0.1 9401\n',
    )
    expect(
      await gate().host.must(`journalctl -q -o cat -u ${name}.service -t systemd`),
      'rounds fill no log',
    ).toBe('')
  })

  it('is set anew, and goes without a trace by a change or by undo; the redirection stays where it leads', async () => {
    const on = await gate().apply(watch)
    expect(on).toMatchObject({ kind: 'proved' })
    const again = await gate().apply({ ...watch, fall: 2 })
    expect(again).toMatchObject({ kind: 'proved' })
    expect(await gate().host.must(`grep '^fall=' /usr/local/sbin/${name}`)).toBe('fall=2\n')
    expect(await gate().plan({ kind: 'deleteService', service })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.watched' },
    })
    await gate().host.must('systemctl kill -s KILL backend-a')
    await gate().leadsTo(leadsToB)

    const off = await gate().apply(unwatch)
    expect(off).toMatchObject({ kind: 'proved' })
    expect(await gate().leavings()).toBe('')
    expect(await gate().text()).toBe(leadsToB)
    expect(await gate().answer()).toBe('b')
    expect(await gate().plan(unwatch)).toMatchObject({
      ok: false,
      problem: { code: 'superserver.notWatched' },
    })

    expect(await gate().undo(off.id)).toMatchObject({ kind: 'proved' })
    await gate().more(1)
    expect(await gate().undo(again.id)).toMatchObject({ kind: 'proved' })
    expect(await gate().host.must(`grep '^fall=' /usr/local/sbin/${name}`)).toBe('fall=4\n')
    expect(await gate().undo(on.id)).toMatchObject({ kind: 'proved' })
    expect(await gate().leavings()).toBe('')
    expect(await gate().text()).toBe(leadsToB)
  })

  it.each([
    ['its first round fails', '[Service]\\nExecStartPre=/bin/false', 'change.stepFailed'],
    ['no round is made', '[Service]\\nExecStart=\\nExecStart=/bin/true', 'change.notProved'],
  ])('is taken back whole when %s', async (_what, lines, code) => {
    const folder = `/etc/systemd/system/${name}.service.d`
    await gate().host.must(`mkdir ${folder}; printf '${lines}\\n' >${folder}/local.conf`)
    expect(await gate().apply(watch)).toMatchObject({ kind: 'rolledBack', problem: { code } })
    await gate().host.must(`rm -r ${folder}; systemctl daemon-reload`)
    expect(await gate().leavings()).toBe('')
    expect(await gate().text()).toBe(leadsToA)
    expect(await gate().answer()).toBe('a')
  })

  it('is refused where the script could not do its work, or a file of that name is another’s', async () => {
    const code = async (whole: string) => {
      await gate().host.writeFile(path, whole)
      const planned = await gate().plan(watch)
      return planned.ok ? 'planned' : planned.problem.code
    }
    expect(await code(leadsToA.replace(', 127.0.0.1 9402', ''))).toBe('superserver.fewCandidates')
    expect(await code(`defaults\n{\n}\n${leadsToA}`)).toBe('superserver.notAlone')
    expect(await code(leadsToA.replaceAll('9402', 'no-such'))).toBe('superserver.portUnknown')
    await gate().host.must(`echo theirs >/usr/local/sbin/${name}`)
    expect(await code(leadsToA)).toBe('superserver.failoverTaken')
    await gate().host.must(`rm /usr/local/sbin/${name}`)
    expect(await code(leadsToA)).toBe('planned')
  })
})
