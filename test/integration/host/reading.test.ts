import { afterAll, beforeAll, expect, it } from 'vitest'
import { capabilities } from '../../../main/capability'
import type { PartSnapshot } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from './client'

/** Whatever is not a change only reads: every part of a host, read with root, leaves its files as they were. */
let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({ name: 'untouched', units: ['xinetd.service'] })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})

it('leaves no file behind, and none changed', async () => {
  await host.must('touch /marker; sleep 1.1')
  for (const { name } of capabilities) {
    const opened = await client.ask['part.open']({ host: client.host, part: name })
    expect(opened, name).toMatchObject({ ok: true })
    const value = () =>
      client.events
        .filter((event) => event.name === 'part.changed')
        .map(({ payload }) => payload as { part: string; snapshot: PartSnapshot })
        .filter(({ part, snapshot }) => part === name && snapshot.value !== null)
    await expect.poll(() => value().length, { timeout: 20_000 }).toBeGreaterThan(0)
  }
  // What sshd, sudo, PAM and the journal write of any login is not ours.
  const changed = await host.must(
    `find / -xdev -newer /marker ! -path '/var/log/*' ! -path '/var/lib/sudo*' ! -path '/var/lib/systemd/*' ! -type d; find / -xdev \\( -name '.wharfmaster*' -o -name wharfmaster \\); ls /run/xinetd.dump /run/wharfmaster* 2>/dev/null || true`,
  )
  expect(changed).toBe('')
})
