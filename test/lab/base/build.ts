import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { must, run } from '../run'
import { cacheFolder } from './cache'
import { basePackages } from './packages'

const release = 'bookworm'
const recipeFolder = fileURLToPath(new URL('.', import.meta.url))
const recipeFiles = ['customize.sh', 'labinit', 'labnet', 'labnet.service', 'real-server@.service'] as const

/** Each of these opens every account of every practice host. */
export const keyTypes = ['ed25519', 'ecdsa', 'rsa'] as const
export type KeyType = (typeof keyTypes)[number]

/** A built base: `root` is the file system below all hosts (never written to), `keys` holds id_TYPE and id_TYPE.pub. */
export type Base = { readonly root: string; readonly keys: string }

/** The private keys' files; FILE.pub lies beside each. */
export function keysOf(base: Base): Readonly<Record<KeyType, string>> {
  const path = (type: KeyType): string => join(base.keys, `id_${type}`)
  return { ed25519: path('ed25519'), ecdsa: path('ecdsa'), rsa: path('rsa') }
}

/** Changes with anything that goes into the base. */
export function recipeDigest(): string {
  const hash = createHash('sha256').update(JSON.stringify([release, mmdebstrapArguments(), basePackages]))
  for (const file of recipeFiles) hash.update(readFileSync(join(recipeFolder, file)))
  return hash.digest('hex').slice(0, 16)
}

/**
 * The base of this recipe, built first if it is not in the cache (about a minute; needs Debian's mirror).
 * A build happens in a folder of its own and is renamed when it is whole: an interrupted one leaves nothing
 * that could be taken for a base. Two that build at once wait for each other.
 * @param say gets progress, one line at a time
 */
export async function ensureBase(say: (line: string) => void): Promise<Base> {
  const folder = join(cacheFolder(), `base-${recipeDigest()}`)
  if (!existsSync(folder)) {
    mkdirSync(cacheFolder(), { recursive: true })
    const release = await lock(join(cacheFolder(), 'build.lock'), say)
    try {
      if (!existsSync(folder)) await build(folder, say)
    } finally {
      await release()
    }
  }
  return { root: join(folder, 'root'), keys: join(folder, 'keys') }
}

async function build(folder: string, say: (line: string) => void): Promise<void> {
  const started = Date.now()
  const unfinished = join(cacheFolder(), 'building')
  // Left by an interrupted build; the lock says that nobody is at it.
  await removeTree(unfinished)
  mkdirSync(join(unfinished, 'keys'), { recursive: true, mode: 0o700 })
  for (const type of keyTypes) {
    const path = join(unfinished, 'keys', `id_${type}`)
    await must(['ssh-keygen', '-q', '-t', type, '-N', '', '-C', 'wharfmaster-lab', '-f', path])
  }
  say('lab: building the file system of the practice hosts (once, about a minute)')
  const hook = `sh '${join(recipeFolder, 'customize.sh')}' "$1" '${join(unfinished, 'keys')}'`
  await mmdebstrap(
    [...mmdebstrapArguments(), `--customize-hook=${hook}`, release, join(unfinished, 'root')],
    say,
  )
  chmodSync(unfinished, 0o755)
  renameSync(unfinished, folder)
  writeFileSync(join(cacheFolder(), 'built'), folder)
  say(`lab: built in ${((Date.now() - started) / 1000).toFixed(0)} s`)
  await removeUnusedBases(folder)
}

function mmdebstrapArguments(): readonly string[] {
  return [
    '--variant=minbase',
    '--mode=root',
    '--format=directory',
    '--aptopt=Apt::Install-Recommends "false"',
    '--dpkgopt=force-unsafe-io',
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    `--include=${basePackages.join(',')}`,
  ]
}

function mmdebstrap(args: readonly string[], say: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // It must not outlive us by a moment, or the next build would find it still writing: so it is process 1 of a PID
    // namespace, with which all that it started ends.
    const inNamespace = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', 'mmdebstrap', ...args]
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...inNamespace], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const tail: string[] = []
    const hear = (line: string): void => {
      tail.push(line)
      if (tail.length > 40) tail.shift()
      if (/^I: (running apt|downloading|extracting|installing|running --|success)/.test(line)) {
        say(`lab: ${line.slice(3, 100)}`)
      }
    }
    createInterface({ input: child.stdout }).on('line', hear)
    createInterface({ input: child.stderr }).on('line', hear)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`mmdebstrap: ${signal ?? `exit code ${String(code)}`}\n${tail.join('\n')}`))
    })
  })
}

/** Bases of older recipes that no host stands on. */
async function removeUnusedBases(keep: string): Promise<void> {
  const mounts = readFileSync('/proc/mounts', 'utf8')
  for (const name of readdirSync(cacheFolder())) {
    const folder = join(cacheFolder(), name)
    if (/^base-[0-9a-f]{16}$/.test(name) && folder !== keep && !mounts.includes(`${folder}/`))
      await removeTree(folder)
  }
}

/** `rm` stays on one file system: whatever may be mounted below is not ours to empty. */
async function removeTree(folder: string): Promise<void> {
  if (existsSync(folder)) await must(['rm', '-rf', '--one-file-system', folder])
}

/** Waits for the lock; the kernel frees it when we end, however we end. */
async function lock(path: string, say: (line: string) => void): Promise<() => Promise<void>> {
  const probe = await run(['flock', '--nonblock', path, 'true'])
  if (probe.code !== 0) say('lab: another build of the base is running, waiting for it')
  const child = spawn('flock', [path, 'sh', '-c', 'echo locked; cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      reject(new Error(`flock ${path}: exit code ${String(code)}`))
    })
    child.stdout.once('data', () => {
      resolve()
    })
  })
  return async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.stdin.end()
    await ended
  }
}
