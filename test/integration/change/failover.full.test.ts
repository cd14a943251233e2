import { describe, expect, it } from 'vitest'
import { leadsToB, name, path, unwatch, useGate, watch } from './gate'

/** What takes longer of a redirection that changes by itself: blinks, boots, power cuts, and hosts without systemd. */
const { gate } = useGate()

describe('a redirection that changes by itself', () => {
  it('is no weathercock: what blinks is not left, and with nobody there the file is not touched', async () => {
    expect(await gate().apply({ ...watch, rise: 'stay' })).toMatchObject({ kind: 'proved' })
    const before = await gate().host.must(`stat -c '%i %y' ${path}`)
    await gate().host.must('systemctl kill -s KILL backend-a')
    await expect.poll(() => gate().failed(), { timeout: 20_000, interval: 50 }).toBeGreaterThan(0)
    await gate().host.must('systemctl start backend-a')
    await expect.poll(() => gate().failed(), { timeout: 20_000, interval: 50 }).toBe(0)
    await gate().host.must('systemctl kill -s KILL backend-a backend-b')
    await expect.poll(() => gate().failed(), { timeout: 40_000, interval: 200 }).toBeGreaterThan(5)
    expect(await gate().host.must(`stat -c '%i %y' ${path}`)).toBe(before)
    expect(await gate().host.must(`journalctl -q -o cat -t ${name} | tail -n 1`)).toBe(
      'gate: no candidate answers; it stays with 127.0.0.1 9401\n',
    )
    await gate().host.must('systemctl start backend-b')
    await gate().leadsTo(leadsToB)
    await gate().host.must('systemctl start backend-a')
    await gate().more(5)
    expect(await gate().text(), 'it stays').toBe(leadsToB)
  })

  it('makes its rounds after a boot', async () => {
    expect(await gate().apply(watch)).toMatchObject({ kind: 'proved' })
    await gate().reboot()
    await gate().host.must('systemctl start backend-b')
    await gate().leadsTo(leadsToB)
    expect(await gate().apply(unwatch)).toMatchObject({ kind: 'proved' })
    expect(await gate().leavings()).toBe('')
  })

  it('is as it was when the host goes down before the change is confirmed', async () => {
    // Nobody hears how it ends: its host is gone by then.
    gate()
      .apply(watch, 'user')
      .catch(() => undefined)
    const isActive = async () => (await gate().host.sh(`systemctl is-active ${name}.timer`)).stdout
    await expect.poll(isActive, { timeout: 30_000 }).toBe('active\n')
    await gate().reboot()
    await expect.poll(() => gate().leavings(), { timeout: 20_000 }).toBe('')
    await gate().host.must('systemctl start backend-a backend-b')
    await expect.poll(() => gate().answer(), { timeout: 10_000 }).toBe('a')
  })

  it('is a line of cron on a host without systemd, and its command makes the rounds of a minute', async () => {
    // systemd is hidden from whoever asks; a program of that name stands for the daemon.
    await gate().host.must(
      'mv /run/systemd/system /run/systemd/away; mkdir -p /etc/cron.d; cp "$(command -v sleep)" /srv/cron; (/srv/cron 600 >/dev/null 2>&1 & echo $! >/srv/cron.pid)',
    )
    try {
      expect(await gate().apply({ ...watch, everySeconds: 30, fall: 1 })).toMatchObject({ kind: 'proved' })
      expect(
        await gate()
          .leavings()
          .then((all) => all.split('\n').filter(Boolean).sort()),
      ).toEqual([`/etc/cron.d/${name}`, `/run/${name}`, `/usr/local/sbin/${name}`])
      await gate().host.must('kill -9 $(fuser 9401/tcp 2>/dev/null)')
      const command = `sed -n 's/^\\* \\* \\* \\* \\* root //p' /etc/cron.d/${name}`
      await gate().host.must(`eval "timeout 5 $(${command})" || true`)
      expect(await gate().text()).toBe(leadsToB)
      expect(await gate().apply(unwatch)).toMatchObject({ kind: 'proved' })
      expect(await gate().leavings()).toBe('')
      await gate().host.must('kill "$(cat /srv/cron.pid)"')
      expect(await gate().plan(watch)).toMatchObject({
        ok: false,
        problem: { code: 'superserver.noScheduler' },
      })
    } finally {
      await gate().host.must('mv /run/systemd/away /run/systemd/system')
    }
  })
})
