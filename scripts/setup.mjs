// Brings a fresh machine to where the app, the tests and the demo run. Every step looks first and does only what
// is missing, so that it can be interrupted and run again. Node built-ins only: it runs before npm ci.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cannotBeMended, installPackages, tail } from './machine.mjs'
import { endAll, endOnSignals, run } from './process.mjs'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/**
 * @typedef {object} Ready
 * @property {string} electron path of the runtime's executable
 * @property {string} electronFolder
 * @property {string} electronVersion
 */

/**
 * @param {{ lab: boolean, bench?: boolean, say: (line: string) => void }} wanted `lab`: with practice hosts, which take
 *   root on Linux; `bench`: with what the app is measured against
 * @returns {Promise<Ready>}
 * @throws {Error} whose message names all that is missing and what to do
 */
export async function setUp(wanted) {
  const ready = await setUpApp(wanted)
  if (wanted.lab) await prepareLab(wanted.say)
  return ready
}

/**
 * The same, but for what the practice hosts are made from: that is prepareLab's.
 * @param {Parameters<typeof setUp>[0]} wanted
 * @returns {Promise<Ready>}
 * @throws {Error}
 */
export async function setUpApp({ lab, bench = false, say }) {
  const missing = cannotBeMended({ lab, bench })
  if (missing.length > 0)
    throw new Error(`This machine lacks:\n${missing.map((line) => `  - ${line}`).join('\n')}`)
  await installPackages({ lab, bench }, say)
  await installModules(say)
  const { ensureElectron } = await import('./electron-runtime.mjs')
  const runtime = await ensureElectron(say)
  return { electron: runtime.executable, electronFolder: runtime.folder, electronVersion: runtime.version }
}

/** @param {(line: string) => void} say */
async function installModules(say) {
  if (modulesMatchLock()) return
  say('npm packages: installing (once, a minute or two)')
  const { code, output, ms } = await run(['npm', 'ci', '--no-audit', '--no-fund'], {
    seconds: 600,
    cwd: root,
  })
  if (code !== 0) throw new Error(`npm ci failed:\n${tail(output)}`)
  say(`npm packages: installed in ${Math.round(ms / 1000)} s`)
}

/** npm writes what it installed to node_modules/.package-lock.json, when it is done. */
function modulesMatchLock() {
  const installed = packagesIn(path.join(root, 'node_modules', '.package-lock.json'))
  const wanted = packagesIn(path.join(root, 'package-lock.json'))
  if (installed === null || wanted === null) return false
  return Object.entries(wanted).every(
    ([where, { version, optional }]) =>
      where === '' || installed[where]?.version === version || (optional === true && !(where in installed)),
  )
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | null}
 */
function packagesIn(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages
  } catch {
    return null // none, or half written by an interrupted install: npm ci makes it anew
  }
}

/**
 * @param {(line: string) => void} say
 * @throws {Error}
 */
export async function prepareLab(say) {
  const { code, output } = await run(
    [process.execPath, '--import', 'tsx', path.join(root, 'scripts', 'lab-base.ts')],
    {
      seconds: 900,
      cwd: root,
      onLine: (line) => line.startsWith('lab: ') && say(line),
    },
  )
  if (code !== 0) throw new Error(tail(output, 30))
}

/** @param {string} line */
export const sayTimed = (line) => process.stdout.write(`${new Date().toTimeString().slice(0, 8)}  ${line}\n`)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endOnSignals()
  try {
    const ready = await setUp({ lab: !process.argv.includes('--no-lab'), say: sayTimed })
    sayTimed(`ready: Electron ${ready.electronVersion} in ${ready.electronFolder}`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  } finally {
    await endAll()
  }
}
