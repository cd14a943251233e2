import { spawn, type ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { cacheFolder } from './base/cache'
import { sweepOrphans } from './keeper'
import { run } from './run'
import { pause } from './running'
import { cgroupTrees, instanceFolder, isCode, startTime, stateRoot, tool } from './state'

const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await sweepOrphans()
})

/** A lab in a process of its own, as crash.fixture.ts makes it. */
async function labInAnotherProcess(instance: string, ...also: readonly string[]): Promise<ChildProcess> {
  const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url))
  const fixture = fileURLToPath(new URL('crash.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', `file://${tsx}`, fixture, instance, ...also], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the lab's process ended with ${String(code)}`))
    })
    createInterface({ input: child.stdout }).once('line', () => {
      resolve()
    })
  })
  return child
}

/** Everything on this machine that bears the lab's name or slot. */
function traces(instance: string, slot: number): readonly string[] {
  const found: string[] = []
  if (existsSync(instanceFolder(instance))) found.push(instanceFolder(instance))
  for (const tree of cgroupTrees()) {
    found.push(...readdirSync(tree).filter((name) => name.startsWith(`wharfmaster-${instance}-`)))
  }
  const namespaces = readNames('/run/netns')
  found.push(...namespaces.filter((name) => name.startsWith(`wm${String(slot)}-`)))
  const links = readdirSync('/sys/class/net')
  found.push(...links.filter((name) => name === `wm${String(slot)}front` || name === `wm${String(slot)}back`))
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  found.push(...mounts.filter((line) => line.includes(`/disks/${instance}/`)))
  const machines = readNames('/run/systemd/nspawn/propagate')
  found.push(...machines.filter((name) => name.startsWith(`wm${String(slot)}-`)))
  const disks = join(cacheFolder(), 'disks', instance)
  if (existsSync(disks)) found.push(disks)
  const memory = readdirSync('/dev/shm')
  found.push(...memory.filter((name) => name.startsWith(`wharfmaster-${instance}-`)))
  found.push(...processes().filter((line) => line.includes(`/${instance}/`)))
  return found
}

/** Of every process: its pid and its arguments. */
function processes(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${pid} ${argumentsOf(pid)}`)
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return ''
    throw error
  }
}

function readNames(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** The lock that systemd-nspawn holds on a container's file system. */
function nspawnLock(instance: string, host: string): string {
  const { dev, ino } = statSync(join(cacheFolder(), 'disks', instance, host, 'root'))
  return `/run/systemd/nspawn/locks/inode-${String(dev)}:${String(ino)}`
}

function slotOf(instance: string): number {
  const state: unknown = JSON.parse(readFileSync(join(instanceFolder(instance), 'lab.json'), 'utf8'))
  if (typeof state === 'object' && state !== null && 'slot' in state && typeof state.slot === 'number')
    return state.slot
  throw new Error('lab.json names no slot')
}

async function gone(instance: string, slot: number): Promise<readonly string[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (traces(instance, slot).length === 0) return []
    await pause(100)
  }
  return traces(instance, slot)
}

test('killed, a lab is taken down by its keeper', async () => {
  const child = await labInAnotherProcess('crash-one', 'kernel')
  const slot = slotOf('crash-one')
  const before = traces('crash-one', slot)
  expect(before.filter((trace) => trace.includes('linux-again.sh')).length).toBeGreaterThan(0)
  expect(before.filter((trace) => trace.includes('systemd-nspawn')).length).toBeGreaterThan(0)
  const lock = nspawnLock('crash-one', 'box')
  expect(existsSync(lock)).toBe(true)
  child.kill('SIGKILL')
  expect(await gone('crash-one', slot)).toEqual([])
  expect(existsSync(lock)).toBe(false)
})

test('killed with its keeper, a lab is taken down by the next one', async () => {
  const child = await labInAnotherProcess('crash-two')
  const slot = slotOf('crash-two')
  const keeper = processes().find((line) => line.includes(`keep ${instanceFolder('crash-two')} `))
  process.kill(Number(keeper?.split(' ')[0]), 'SIGKILL')
  child.kill('SIGKILL')
  await pause(300)
  expect(traces('crash-two', slot).length).toBeGreaterThan(0)
  await sweepOrphans()
  expect(await gone('crash-two', slot)).toEqual([])
  expect(existsSync(join(stateRoot, 'crash-two.lock'))).toBe(false)
})

test('a process that has got the number of an ended one is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-keeper-'))
  const ours = spawn('sleep', ['1000'])
  const foreign = spawn('sleep', ['1000'])
  try {
    const [pid, foreignPid] = [ours.pid ?? 0, foreign.pid ?? 0]
    mkdirSync(join(folder, 'host'))
    const lines = [`process ${String(pid)} ${startTime(pid) ?? ''}`, `process ${String(foreignPid)} 1`]
    writeFileSync(join(folder, 'host', 'made'), `${lines.join('\n')}\n`)
    const swept = await run(['sh', tool('keeper.sh'), 'sweep', join(folder, 'host')])
    expect(swept.stdout.toString()).toBe('')
    expect(startTime(pid)).toBeNull()
    expect(startTime(foreignPid)).not.toBeNull()
  } finally {
    ours.kill('SIGKILL')
    foreign.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})
