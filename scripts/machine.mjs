// What this machine must have before anything can be installed on it, and Debian's packages. Built-ins only.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { machinePackages as labPackages } from '../test/lab/packages.mjs'
import { benchPackages, windowPackages } from './machine-packages.mjs'
import { run } from './process.mjs'

/**
 * @typedef {object} Wanted
 * @property {boolean} lab with practice hosts
 * @property {boolean} [bench] with what the app is measured against
 */

/**
 * What no set-up can mend, one line each; takes milliseconds. `preflight` of the lab looks closer, once its
 * packages are there.
 * @param {Wanted} wanted
 * @returns {string[]}
 */
export function cannotBeMended({ lab, bench = false }) {
  const lines = []
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    lines.push(`Node 20.19 or newer (this is ${process.version})`)
  if (!lab) return lines
  if (process.platform !== 'linux' || process.arch !== 'x64')
    lines.push(`Linux on x86-64 for the practice hosts (this is ${process.platform} on ${process.arch})`)
  else {
    if (process.getuid?.() !== 0) lines.push('root: the practice hosts need namespaces and mounts')
    else if (!hasSysAdmin()) lines.push('the capability CAP_SYS_ADMIN (in a container: start it privileged)')
    if (missingPackages({ lab, bench }).length > 0 && !isDebian())
      lines.push(
        `apt-get, or installed by other means: ${missingPackages({ lab, bench })
          .map(({ name }) => name)
          .join(' ')}`,
      )
  }
  return lines
}

/** @param {Wanted} wanted */
export function missingPackages({ lab, bench = false }) {
  if (process.platform !== 'linux') return []
  const wanted = [...(lab ? labPackages : []), ...windowPackages, ...(bench ? benchPackages : [])]
  return wanted.filter(({ provides }) => !fs.existsSync(provides))
}

/**
 * Installs what is missing with one apt-get; fetches the lists of packages only when they do not know one.
 * @param {Wanted} wanted
 * @param {(line: string) => void} say
 * @throws {Error} that names what could not be installed
 */
export async function installPackages(wanted, say) {
  const missing = missingPackages(wanted)
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name)
  const list = missing.map(({ name, why }) => `  - ${name} (${why})`).join('\n')
  if (process.getuid?.() !== 0 || !isDebian())
    throw new Error(`Missing on this machine:\n${list}\nOn Debian: sudo apt-get install ${names.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if ((await unknownTo(names)).length > 0) {
    say("reading Debian's lists of packages")
    const updated = await run(['apt-get', 'update', '-q'], { seconds: 180, env })
    const unknown = await unknownTo(names)
    if (unknown.length > 0)
      throw new Error(
        `apt-get knows no ${unknown.join(', ')}; all that is missing:\n${list}\n${tail(updated.output)}`,
      )
  }
  say(`installing ${names.length} Debian packages: ${names.join(' ')}`)
  const installed = await run(
    ['apt-get', 'install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...names],
    {
      seconds: 900,
      env,
      onLine: (line) => line.startsWith('Setting up') && say(line.replace(/ \.\.\.$/, '')),
    },
  )
  const still = missingPackages(wanted).map(({ name }) => name)
  if (installed.code !== 0 || still.length > 0)
    throw new Error(
      `apt-get could not install ${(still.length > 0 ? still : names).join(' ')}:\n${tail(installed.output)}`,
    )
}

/** @param {readonly string[]} names */
async function unknownTo(names) {
  const { output } = await run(['apt-cache', 'policy', ...names], { seconds: 30 })
  const candidates = new Map(
    output
      .split(/^(?=\S)/m)
      .map((part) => [part.slice(0, part.indexOf(':')), /Candidate: (\S+)/.exec(part)?.[1]]),
  )
  return names.filter((name) => (candidates.get(name) ?? '(none)') === '(none)')
}

const isDebian = () => fs.existsSync('/usr/bin/apt-get')

/** Bit 21 of the effective set, capabilities(7). */
function hasSysAdmin() {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> 21n) & 1n) === 1n
}

/** @param {string} text */
export const tail = (text, lines = 15) => text.trim().split('\n').slice(-lines).join('\n')

/** Folder outside git for what is fetched or built once. */
export function cacheFolder() {
  return (
    process.env['WHARFMASTER_CACHE'] ??
    path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'wharfmaster')
  )
}
