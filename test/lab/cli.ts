import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { accounts, vncPassword } from './accounts'
import { labOwner } from './keeper'
import { attachLab, type LabView } from './lab'
import { startPractice } from './practice/practice'
import { pause } from './running'
import { isCode, stateRoot } from './state'

const usage = `npm run lab                     start the practice hosts, until Ctrl+C
npm run lab -- up [NAME]        the same; labs of different names run side by side
npm run lab -- status           what runs
npm run lab -- ssh HOST [CMD]   a shell on a host as root (HOST, or LAB/HOST)
npm run lab -- down [NAME]      end a lab that runs in another terminal`

const usual = 'practice'

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function main(args: readonly string[]): Promise<number> {
  const [order = 'up', ...rest] = args
  switch (order) {
    case 'up':
      return up(rest[0] ?? usual)
    case 'down':
      return down(rest[0] ?? usual)
    case 'status':
      return status()
    case 'ssh':
      return ssh(rest)
    default:
      print(usage)
      return order === 'help' ? 0 : 2
  }
}

async function up(instance: string): Promise<number> {
  const asked = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve)
  })
  const starting = startPractice({ instance, say: print })
  // A second Ctrl+C, or one before the hosts are up: the keeper takes everything down when we are gone.
  const early = await Promise.race([starting.then(() => null), asked])
  if (early !== null) {
    print('interrupted: taking down what has started')
    return 130
  }
  const { lab, shop, news } = await starting
  describe(lab)
  print(`\nvirtual services: http://${shop}/ (web1 and web2), http://${news}/ (web1)`)
  print('Ctrl+C takes it all down.')
  await asked
  print('\ntaking it down')
  await lab.close()
  return 0
}

async function down(instance: string): Promise<number> {
  const owner = labOwner(instance)
  if (owner === null) {
    print(`no lab named "${instance}" is running`)
    return 1
  }
  process.kill(owner, 'SIGTERM')
  while (labOwner(instance) !== null) await pause(100)
  return 0
}

function status(): number {
  const instances = running()
  if (instances.length === 0) print('no lab is running')
  for (const instance of instances) {
    print(`lab "${instance}", process ${String(labOwner(instance))}`)
    describe(attachLab(instance))
  }
  return 0
}

function describe(lab: LabView): void {
  print(
    `\nthis machine is ${lab.machine.front} and ${lab.machine.back}; keys are ${lab.keys.ed25519} and beside it\n`,
  )
  for (const name of lab.names()) {
    const host = lab.find(name)
    const kind = host.kind === 'kernel' ? 'its own kernel' : 'container'
    print(`  ${name.padEnd(10)} ${Object.values(host.addresses).join(', ').padEnd(28)} ${kind}`)
  }
  print('\naccounts of every host (each also accepts the keys):')
  for (const { user, password, privilege, note } of Object.values(accounts)) {
    print(`  ${user.padEnd(10)} ${password.padEnd(20)} ${privilege}${note === '' ? '' : `; ${note}`}`)
  }
  print(`  VNC password of desk: ${vncPassword}`)
}

function ssh(args: readonly string[]): Promise<number> {
  const [target, ...command] = args
  if (target === undefined) {
    print(usage)
    return Promise.resolve(2)
  }
  const [instance, name] = target.includes('/') ? splitTarget(target) : [labWith(target), target]
  const lab = attachLab(instance)
  const options = ['-F', 'none', '-i', lab.keys.ed25519, '-o', 'IdentitiesOnly=yes']
  // The lab's hosts are made by this machine, on addresses that lead nowhere else.
  const known = [
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
  ]
  const child = spawn('ssh', [...options, ...known, '-l', 'root', lab.find(name).address, ...command], {
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}

function splitTarget(target: string): readonly [string, string] {
  const slash = target.indexOf('/')
  return [target.slice(0, slash), target.slice(slash + 1)]
}

function labWith(host: string): string {
  const instances = running()
  const having = instances.filter((instance) => attachLab(instance).names().includes(host))
  const [only, ...others] = having
  if (only === undefined)
    throw new Error(instances.length === 0 ? 'no lab is running' : `no lab has a host ${host}`)
  if (others.length > 0)
    throw new Error(`say which: ${having.map((instance) => `${instance}/${host}`).join(', ')}`)
  return only
}

function running(): readonly string[] {
  try {
    const locks = readdirSync(stateRoot).filter((file) => file.endsWith('.lock'))
    return locks
      .map((file) => file.slice(0, -'.lock'.length))
      .filter((instance) => labOwner(instance) !== null)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
// An interrupted start may still have work under way; the keeper ends what it made.
if (process.exitCode === 130) process.exit()
