import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { missing } from './preflight'
import { run, type Ran } from './run'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wharfmaster-preflight-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Runs preflight() in a process of its own, on a machine that `spoil` has made worse in namespaces of its own. */
async function preflightAfter(spoil: string, prefix = ''): Promise<{ ran: Ran; cpuSeconds: number }> {
  const module = fileURLToPath(new URL('preflight.ts', import.meta.url))
  const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url))
  const program = `import('${module}').then((m) => m.preflight()).then(() => console.log('fit'), (e) => { console.log(e.message) }).then(() => {
    const { user, system } = process.cpuUsage()
    console.error('cpu ' + (user + system) / 1e6)
  })`
  const command = `${spoil}; exec ${prefix} '${process.execPath}' --import 'file://${tsx}' --input-type=module -e "$PROGRAM"`
  const ran = await run([
    'env',
    `PROGRAM=${program}`,
    `WHARFMASTER_LAB_CACHE=${folder}/cache`,
    ...['unshare', '--mount', 'sh', '-c', command],
  ])
  // Of its own time: what else runs on the machine is not its fault.
  return { ran, cpuSeconds: Number(/^cpu (\S+)$/m.exec(ran.stderr)?.[1]) }
}

test('this machine lacks nothing, or the other tests could not run', async () => {
  expect(await missing()).toEqual([])
})

test('all that is missing is named in one message, in less than 3 s of its own time', async () => {
  const { ran, cpuSeconds } = await preflightAfter(
    [
      'mount -t tmpfs none /usr/share/keyrings',
      'mount -o remount,bind,noexec /dev/shm || mount -t tmpfs -o noexec none /dev/shm',
      `mkdir ${folder}/cache && mount -t tmpfs -o size=10m none ${folder}/cache`,
    ].join('; '),
  )
  const message = ran.stdout.toString()
  expect(message, ran.stderr).toMatch(/^The lab cannot run on this machine\. Missing:\n/)
  expect(message).toContain('apt-get install debian-archive-keyring')
  expect(message).toContain('5 GB free')
  expect(message).toContain('/dev/shm')
  expect(cpuSeconds).toBeLessThan(3)
})

test('without the right to mount, that is what it says', async () => {
  const { ran } = await preflightAfter('true', 'setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin --')
  expect(ran.stdout.toString(), ran.stderr).toContain('CAP_SYS_ADMIN (in a container: start it privileged)')
})

test('an ordinary user is told to be root', async () => {
  const { ran } = await preflightAfter(
    `mkdir ${folder}/cache && chmod 777 ${folder} ${folder}/cache`,
    'setpriv --reuid=nobody --regid=nogroup --clear-groups --',
  )
  expect(ran.stdout.toString(), ran.stderr).toContain('- root')
})
