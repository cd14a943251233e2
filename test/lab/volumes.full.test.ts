import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLab, type Lab } from './lab'
import type { Host } from './host'

let lab: Lab
let container: Host
let kernel: Host
beforeAll(async () => {
  lab = await openLab()
  const volumes = { '/srv/small': 8 }
  ;[container, kernel] = await Promise.all([
    lab.host({ name: 'container', volumes }),
    lab.host({ name: 'kernel', kind: 'kernel', init: 'tiny', volumes }),
  ])
})
afterAll(() => lab.close())

test('a volume fills up, and the disk beside it does not', async () => {
  for (const host of [container, kernel]) {
    const filled = await host.sh(
      'cat /dev/zero > /srv/small/all; echo more > /srv/small/more && cat /srv/small/more',
    )
    expect(filled.stderr, host.name).toMatch(/No space left on device/)
    await host.must('echo fits > /srv/beside; rm /srv/small/all')
  }
})

test('a volume can be made read-only, and writable again', async () => {
  for (const host of [container, kernel]) {
    await host.must('mount -o remount,ro /srv/small')
    expect((await host.sh('touch /srv/small/new')).stderr, host.name).toMatch(/Read-only file system/)
    await host.must('mount -o remount,rw /srv/small; touch /srv/small/new')
  }
})

test('a crash of a host with its own kernel keeps what was synced and loses what was not', async () => {
  await kernel.must('cd /srv/small; echo synced > kept; sync kept .; echo not > lost')
  await kernel.crash()
  await kernel.start()
  expect(await kernel.must('cd /srv/small; cat kept; ls lost 2>&1 || true')).toMatch(
    /^synced\n.*No such file/,
  )
})
