import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { bootContainer, initOf, intoContainer } from './container'
import type { Answered, Host, ShellOptions } from './host'
import { bootKernel, intoKernel, leaveKernel } from './kernel'
import { firstNetwork, hostAddress, type HostRecord, type LabRecord } from './place'
import { run } from './run'
import { hostFolder } from './state'
import { crashHost, sweepHost } from './keeper'

/** Generous: two cores may be booting a dozen hosts at once. */
const bootMs = 90_000

const environment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'LC_ALL=C.UTF-8',
  'TERM=dumb',
] as const

/** A host of a running lab, made by this process or by another. */
export function runningHost(lab: LabRecord, host: HostRecord): Host {
  const folder = hostFolder(lab.instance, host.name)
  const addresses = Object.fromEntries(
    host.networks.map((network) => [network, hostAddress(lab, host, network)]),
  )
  const address = hostAddress(lab, host, firstNetwork(host))

  const sh = async (
    script: string,
    options: ShellOptions = {},
  ): Promise<{ code: number; stdout: Buffer; stderr: string }> => {
    const user = options.user ?? 'root'
    const home = user === 'root' ? '/root' : `/home/${user}`
    const command = [
      ...(user === 'root' ? [] : ['runuser', '-u', user, '--']),
      ...['env', '-C', home, '-i', `HOME=${home}`, `USER=${user}`, `LOGNAME=${user}`, ...environment],
      ...['/bin/sh', '-c', script],
    ]
    const argv: readonly [string, ...string[]] =
      host.kind === 'systemd'
        ? [...intoContainer(lab, host), ...command]
        : [...(await intoKernel(lab, host)), command.map(quote).join(' ')]
    return run(argv, { input: options.input ?? '', timeoutMs: options.timeoutMs ?? 60_000 })
  }
  const answered = async (script: string, options?: ShellOptions): Promise<Answered> => {
    const ran = await sh(script, options)
    return { code: ran.code, stdout: ran.stdout.toString(), stderr: ran.stderr }
  }
  const mustBytes = async (script: string, options?: ShellOptions): Promise<Buffer> => {
    const ran = await sh(script, options)
    if (ran.code === 0) return ran.stdout
    throw new Error(
      `${host.name}: exit code ${String(ran.code)} of: ${script}\n${ran.stderr}${ran.stdout.toString()}`,
    )
  }
  const boot = async (): Promise<void> => {
    if (host.kind === 'systemd') bootContainer(lab, host)
    else bootKernel(lab, host)
    await sshAnswers(lab, host)
  }
  return {
    name: host.name,
    kind: host.kind,
    address,
    addresses,
    port: 22,
    hostKeys: host.hostKeys,
    sh: answered,
    must: async (script, options) => (await mustBytes(script, options)).toString(),
    readFile: (path) => mustBytes(`exec cat -- ${quote(path)}`),
    writeFile: async (path, content, mode) => {
      const change = mode === undefined ? '' : ` && chmod ${mode.toString(8)} ${quote(path)}`
      await mustBytes(`umask 022; cat > ${quote(path)}${change}`, { input: content })
    },
    reboot: async () => {
      const before = await mustBytes(bootIdentity(host))
      const order = host.init === 'tiny' ? 'kill -INT 1' : 'systemctl reboot'
      // In the background, so that the answer is through before the connection goes.
      await mustBytes(`setsid sh -c 'sleep 0.2; ${order}' > /dev/null 2>&1 < /dev/null &`)
      const deadline = Date.now() + bootMs
      if (host.kind === 'kernel') {
        // A connection made while it goes down would hang for as long as TCP waits.
        await leaveKernel(lab, host)
        while ((await bannerOf(address, 500)) && Date.now() < deadline) await pause(50)
      }
      for (;;) {
        if (Date.now() > deadline) throw new Error(`${host.name} did not come back from its reboot`)
        await pause(50)
        if (!(await bannerOf(address, 500))) continue
        const after = await sh(bootIdentity(host), { timeoutMs: 5000 }).catch(() => null)
        if (after !== null && after.code === 0 && !after.stdout.equals(before)) return
      }
    },
    crash: () => crashHost(folder),
    start: boot,
    down: () => sweepHost(folder),
  }
}

/** Something that a boot changes: containers share the machine's boot id, but not the start time of process 1. */
function bootIdentity(host: HostRecord): string {
  return host.kind === 'systemd'
    ? 'stat -c %Z /proc/1; cut -d" " -f22 /proc/1/stat'
    : 'cat /proc/sys/kernel/random/boot_id'
}

/** Resolves when the host's sshd sends its banner; rejects after 90 s, with its console. */
export async function sshAnswers(lab: LabRecord, host: HostRecord): Promise<void> {
  const address = hostAddress(lab, host, firstNetwork(host))
  const deadline = Date.now() + bootMs
  while (!(await bannerOf(address, 1000))) {
    if (Date.now() > deadline) {
      throw new Error(
        `${host.name} did not answer on ${address}:22 within ${String(bootMs / 1000)} s\n${consoleOf(lab, host)}`,
      )
    }
    await pause(25)
  }
  // sshd of a container may answer while systemd still moves itself: nsenter needs its place to be settled.
  while (host.kind === 'systemd' && initOf(lab, host) === null && Date.now() < deadline) await pause(10)
}

function consoleOf(lab: LabRecord, host: HostRecord): string {
  return readFileSync(join(hostFolder(lab.instance, host.name), 'console.log'), 'utf8').slice(-4000)
}

function bannerOf(address: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22 })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => {
      end(false)
    })
    socket.on('data', (bytes) => {
      end(bytes.toString('latin1').startsWith('SSH-'))
    })
    socket.on('error', () => {
      end(false)
    })
    socket.on('close', () => {
      resolve(false)
    })
  })
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** One word of POSIX sh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** For OpenSSH's StrictHostKeyChecking. */
export function writeKnownHosts(lab: LabRecord, host: HostRecord): void {
  const names = host.networks.map((network) => hostAddress(lab, host, network)).join(',')
  const lines = host.hostKeys.map((key) => `${names} ${key}\n`)
  writeFileSync(join(hostFolder(lab.instance, host.name), 'known_hosts'), lines.join(''))
}
