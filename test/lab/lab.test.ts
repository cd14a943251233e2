import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from './host'
import { LabBusy } from './keeper'
import { openLab, type Lab } from './lab'
import { run } from './run'

let lab: Lab
let hosts: readonly Host[]
beforeAll(async () => {
  lab = await openLab()
  hosts = await Promise.all(
    ['one', 'two', 'three', 'four'].map((name) =>
      lab.host({ name, files: { '/etc/lab-note': { content: `for ${name}`, mode: 0o600 } } }),
    ),
  )
})
afterAll(() => lab.close())

function host(index: number): Host {
  const found = hosts[index]
  if (found === undefined) throw new Error(`no host ${String(index)}`)
  return found
}

/** Milliseconds until the host's sshd sends its banner, or null when it does not within `limitMs`. */
function bannerAfter(address: string, limitMs: number): Promise<number | null> {
  const started = performance.now()
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22 })
    const end = (answer: number | null): void => {
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => {
      end(null)
    }, limitMs)
    socket.once('data', () => {
      clearTimeout(timer)
      end(performance.now() - started)
    })
    socket.once('error', () => {
      clearTimeout(timer)
      end(null)
    })
  })
}

test('hosts that boot in parallel are systems of their own', async () => {
  const seen = await Promise.all(
    hosts.map(async (each) => ({
      name: (await each.must('hostname')).trim(),
      state: (await each.must('systemctl is-system-running --wait')).trim(),
      first: (await each.must('cat /proc/1/comm')).trim(),
      note: await each.must('cat /etc/lab-note; stat -c %a /etc/lab-note'),
    })),
  )
  expect(seen).toEqual(
    ['one', 'two', 'three', 'four'].map((name) => ({
      name,
      state: 'running',
      first: 'systemd',
      note: `for ${name}600\n`,
    })),
  )
  expect(new Set(hosts.map(({ address }) => address)).size).toBe(4)
})

test('files keep their bytes on the way in and out', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  await host(0).writeFile("/tmp/a 'strange' name", bytes, 0o640)
  expect(new Uint8Array(await host(0).readFile("/tmp/a 'strange' name"))).toEqual(bytes)
  expect(await host(0).must(`stat -c %a "/tmp/a 'strange' name"`)).toBe('640\n')
})

test('a script runs as the user it is for, and its code is its answer', async () => {
  const answer = await host(0).sh('id -un; pwd; cat; echo oops >&2; exit 3', { user: 'pat', input: 'in' })
  expect(answer).toEqual({ code: 3, stdout: 'pat\n/home/pat\nin', stderr: 'oops\n' })
})

test('OpenSSH signs in with each of the keys, to the host keys that the lab names', async () => {
  const { address, hostKeys } = host(1)
  const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-lab-'))
  const known = join(folder, 'known_hosts')
  writeFileSync(known, hostKeys.map((line) => `${address} ${line}\n`).join(''))
  try {
    for (const key of Object.values(lab.keys)) {
      const ran = await run([
        ...(['ssh', '-F', 'none', '-i', key, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'] as const),
        ...['-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile=${known}`],
        ...[`admin@${address}`, 'sudo -n id -u'],
      ])
      expect(ran.stdout.toString(), ran.stderr).toBe('0\n')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a crash ends it at once and keeps its disk', async () => {
  await host(2).must('echo kept > /root/kept; sync')
  await host(2).crash()
  expect(await bannerAfter(host(2).address, 500)).toBeNull()
  await host(2).start()
  expect(await host(2).must('cat /root/kept')).toBe('kept\n')
})

test('a reboot comes back as the same host', async () => {
  await host(2).must('touch /run/before')
  await host(2).reboot()
  expect(await host(2).must('ls /run/before 2>&1 || true')).toContain('No such file')
  expect((await host(2).must('systemctl is-system-running --wait')).trim()).toBe('running')
})

test('a delayed host answers later, a cut one not at all, a mended one as before', async () => {
  const { address, name } = host(3)
  await lab.network.delay(name, 200)
  // Connection and banner are two round trips.
  const delayed = await bannerAfter(address, 5000)
  expect(delayed).toBeGreaterThan(390)
  expect(delayed).toBeLessThan(1500)
  await lab.network.cut(name)
  expect(await bannerAfter(address, 600)).toBeNull()
  await lab.network.mend(name)
  expect(await bannerAfter(address, 3000)).toBeLessThan(390)
})

test('a second lab of the same name is refused, and one of another name runs beside it', async () => {
  await expect(openLab({ instance: lab.instance })).rejects.toBeInstanceOf(LabBusy)
  const other = await openLab({ instance: 'beside' })
  try {
    const box = await other.host({ name: 'one' })
    expect(box.address).not.toBe(host(0).address)
    expect((await box.must('cat /etc/hostname')).trim()).toBe('one')
    expect((await host(0).sh(`ping -c 1 -W 1 ${box.address}`)).code).not.toBe(0)
  } finally {
    await other.close()
  }
  expect((await host(0).must('hostname')).trim()).toBe('one')
  expect(Number(readFileSync('/proc/sys/fs/inotify/max_user_instances', 'utf8'))).toBeGreaterThanOrEqual(8192)
})

test('a host that was taken down is gone, the others stay', async () => {
  const extra = await lab.host({ name: 'extra' })
  await extra.down()
  expect(await bannerAfter(extra.address, 500)).toBeNull()
  expect(lab.names()).toEqual(expect.not.arrayContaining(['extra']))
  expect((await host(0).must('hostname')).trim()).toBe('one')
})
