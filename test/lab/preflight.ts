import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './base/cache'
import { machinePackages } from './packages.mjs'
import { run } from './run'

const neededBytes = 5e9

/**
 * What is missing for the lab to run on this machine, one line each; empty when it can. Takes under a second, unless
 * the machine is overloaded: what is merely slow is not called missing.
 */
export async function missing(): Promise<readonly string[]> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return [`Linux on x86-64 (this is ${process.platform} on ${process.arch})`]
  }
  const lines: string[] = []
  const absent = machinePackages.filter(({ provides }) => !existsSync(provides))
  if (absent.length > 0) {
    lines.push(`Debian packages: apt-get install ${absent.map(({ name }) => name).join(' ')}`)
  }
  const space = freeBytes()
  if (space < neededBytes) {
    lines.push(
      `5 GB free in ${cacheFolder()} (there are ${(space / 1e9).toFixed(1)}; WHARFMASTER_LAB_CACHE chooses another folder)`,
    )
  }
  if (!existsSync('/dev/net/tun')) lines.push('the tun device (/dev/net/tun)')
  if (!existsSync('/dev/loop-control')) lines.push('loop devices (/dev/loop-control)')
  if (process.getuid?.() !== 0) {
    lines.push('root (the lab makes namespaces and mounts: run it as root, or in a virtual machine)')
    return lines
  }
  if (!hasSysAdmin()) lines.push('CAP_SYS_ADMIN (in a container: start it privileged)')
  else lines.push(...(await kernelLacks()))
  return lines
}

/** Throws one Error that names all that is missing. */
export async function preflight(): Promise<void> {
  const lines = await missing()
  if (lines.length === 0) return
  throw new Error(
    `The lab cannot run on this machine. Missing:\n${lines.map((line) => `  - ${line}`).join('\n')}`,
  )
}

function freeBytes(): number {
  mkdirSync(cacheFolder(), { recursive: true })
  const { bavail, bsize } = statfsSync(cacheFolder())
  // A built base has already taken its part.
  return bavail * bsize + (existsSync(join(cacheFolder(), 'built')) ? 1e9 : 0)
}

/** Bit 21 of the effective set, capabilities(7). */
function hasSysAdmin(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> 21n) & 1n) === 1n
}

async function kernelLacks(): Promise<readonly string[]> {
  const trial = mkdtempSync(join(cacheFolder(), 'preflight-'))
  try {
    for (const folder of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(trial, folder))
    const overlay = `mount -t overlay overlay -o lowerdir=${trial}/lower,upperdir=${trial}/upper,workdir=${trial}/work ${trial}/merged`
    const checks: readonly (readonly [string, () => Promise<boolean>])[] = [
      [
        `overlay file systems on top of ${cacheFolder()} (WHARFMASTER_LAB_CACHE chooses another folder)`,
        () => succeeds(['unshare', '--mount', 'sh', '-c', overlay]),
      ],
      [
        'namespaces: unshare of mount, PID, UTS, IPC, network and cgroup',
        () =>
          succeeds([
            'unshare',
            '--mount',
            '--pid',
            '--uts',
            '--ipc',
            '--net',
            '--cgroup',
            '--fork',
            '--mount-proc',
            'true',
          ]),
      ],
      [
        'bridges and veth pairs',
        () =>
          succeeds([
            'unshare',
            '--net',
            'sh',
            '-c',
            'ip link add name lan type bridge && ip link add name near type veth peer name far',
          ]),
      ],
      ['ptrace (kernel.yama.ptrace_scope below 3)', () => Promise.resolve(ptraceAllowed())],
      ['a /dev/shm that programs may be run from (not noexec)', () => runsFromShm()],
    ]
    const held = await Promise.all(checks.map(async ([name, check]) => ((await check()) ? [] : [name])))
    return held.flat()
  } finally {
    rmSync(trial, { recursive: true, force: true })
  }
}

async function succeeds(argv: readonly [string, ...string[]]): Promise<boolean> {
  try {
    return (await run(argv, { timeoutMs: 10_000 })).code === 0
  } catch {
    // Not there, or no answer in time: missing in either case, and named by the caller.
    return false
  }
}

function ptraceAllowed(): boolean {
  const scope = '/proc/sys/kernel/yama/ptrace_scope'
  return !existsSync(scope) || Number(readFileSync(scope, 'utf8')) < 3
}

/** User-mode Linux maps its memory from a file there and executes it. */
async function runsFromShm(): Promise<boolean> {
  try {
    accessSync('/dev/shm', constants.W_OK)
  } catch {
    return false
  }
  const folder = mkdtempSync('/dev/shm/wharfmaster-')
  try {
    writeFileSync(join(folder, 'true'), '#!/bin/sh\nexit 0\n', { mode: 0o700 })
    return await succeeds([join(folder, 'true')])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
