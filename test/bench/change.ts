import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { electronExecutable, root } from '../e2e/launch'
import type { Host } from '../lab/host'
import { openLab } from '../lab/lab'
import { builtChild } from './built-child'
import { line, median, type Line } from './line'

const rounds = 7
const execLimit = 4
const file = '/etc/xinetd.d/greeting'
const service = `service greeting
{
	type        = UNLISTED
	socket_type = stream
	protocol    = tcp
	port        = 9201
	wait        = no
	user        = nobody
	server      = /bin/echo
	server_args = hello
	instances   = 2
}
`

/**
 * One line of one file of xinetd, from the click to the proof: planned on the host as it is, journaled, written,
 * reloaded, read back from the daemon and confirmed. Against ansible editing and reloading the same on the same host by
 * the same account, its connection kept, its modules piped, no facts gathered; it proves nothing. Both are signed in
 * before.
 */
export async function bench(): Promise<readonly Line[]> {
  const lab = await openLab()
  const folder = mkdtempSync(path.join(root, 'out', 'bench-'))
  const ends: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const host = await lab.host({
      name: 'bench',
      units: ['xinetd.service'],
      files: { [file]: service },
      // One line in its log for each command that is started.
      sshd: { LogLevel: 'VERBOSE' },
    })
    const ours = await openOurs(host, folder, ends)
    const theirs = openTheirs(host, lab.keys.ed25519, ends)
    const measured = { ours: [] as number[], theirs: [] as number[], execs: [] as number[] }
    // The first of each finds out what the host is like, and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const before = await startedCommands(host)
      const mine = await ours(10 + round)
      const execs = (await startedCommands(host)) - before
      await expectInstances(host, 10 + round)
      const other = await theirs(30 + round)
      await expectInstances(host, 30 + round)
      if (round === 0) continue
      measured.ours.push(mine)
      measured.theirs.push(other)
      measured.execs.push(execs)
    }
    return [
      line(
        'a change of one line, from click to proof: commands started on the host, of those it may take',
        Math.max(...measured.execs),
        execLimit,
        'commands',
        1,
      ),
      line(
        'a change of one line, from click to proof, against ansible making it unproved',
        median(measured.ours),
        median(measured.theirs),
        'ms',
        1,
      ),
    ]
  } finally {
    for (const end of ends.reverse()) end()
    await lab.close()
  }
}

/** As the host's own sshd counts them. */
async function startedCommands(host: Host): Promise<number> {
  return Number(
    await host.must(`journalctl -q -t sshd | grep -c 'Starting session: command for admin' || true`),
  )
}

async function expectInstances(host: Host, wanted: number): Promise<void> {
  const said = await host.must(`sed -n 's/^.*instances *= *//p' ${file}`)
  if (said.trim() !== String(wanted)) throw new Error(`instances = ${said.trim()}, not ${String(wanted)}`)
}

type Contender = (instances: number) => Promise<number>

async function openOurs(host: Host, folder: string, ends: (() => void)[]): Promise<Contender> {
  const program = await builtChild('change-child', folder)
  const child = spawn(electronExecutable(), [program, host.address, file], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  ends.push(() => child.kill())
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const said = await lines.next()
    if (said.done === true) throw new Error('the app’s side ended')
    return said.value
  }
  await next()
  return async (instances) => {
    child.stdin.write(`${String(instances)}\n`)
    return Number(await next())
  }
}

function openTheirs(host: Host, key: string, ends: (() => void)[]): Contender {
  // Short: the path of a socket has at most 107 bytes, unix(7).
  const folder = mkdtempSync(path.join(tmpdir(), 'wm-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(path.join(folder, 'cp'))
  const ssh = [
    ...['-F', 'none', '-i', key, '-o', 'ControlMaster=auto', '-o', 'ControlPersist=120'],
    ...[
      '-o',
      `UserKnownHostsFile=${path.join(folder, 'known_hosts')}`,
      '-o',
      'StrictHostKeyChecking=accept-new',
    ],
  ]
  const control = path.join(folder, 'cp', '%C')
  writeFileSync(
    path.join(folder, 'ansible.cfg'),
    `[defaults]
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
control_path_dir = ${path.join(folder, 'cp')}
control_path = %(directory)s/%%C
ssh_args = ${ssh.join(' ')}
`,
  )
  writeFileSync(path.join(folder, 'hosts'), `bench ansible_host=${host.address} ansible_user=admin\n`)
  writeFileSync(
    path.join(folder, 'play.yml'),
    `- hosts: bench
  become: true
  gather_facts: false
  tasks:
    - name: instances
      ansible.builtin.lineinfile:
        path: ${file}
        regexp: '^\\s*instances'
        line: "\\tinstances   = {{ instances }}"
      notify: reload
  handlers:
    - name: reload
      ansible.builtin.systemd:
        name: xinetd
        state: reloaded
`,
  )
  ends.push(() => {
    spawn('ssh', [...ssh, '-o', `ControlPath=${control}`, '-O', 'exit', `admin@${host.address}`], {
      stdio: 'ignore',
    })
  })
  return async (instances) => {
    const began = performance.now()
    const child = spawn(
      'ansible-playbook',
      ['-i', 'hosts', '-e', `instances=${String(instances)}`, 'play.yml'],
      {
        cwd: folder,
        env: { ...process.env, ANSIBLE_CONFIG: 'ansible.cfg' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const said = await ended(child)
    if (!said.includes('changed=2')) throw new Error(`ansible changed something else:\n${said}`)
    return performance.now() - began
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += String(text)))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(said)
      else reject(new Error(`exit code ${String(code)}:\n${said}`))
    })
  })
}
