// npm test: the set-up, then every check and test there is. `--unit`: what needs no practice hosts; `--full`: also
// what takes longer than a daily run may.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { startDisplay } from './display.mjs'
import { tail } from './machine.mjs'
import { endAll, endOnSignals, isEnding, onEnd, run } from './process.mjs'
import { prepareLab, root, sayTimed as say, setUpApp } from './setup.mjs'
import { playwrightCounts, vitestCounts } from './test-counts.mjs'

const unitOnly = process.argv.includes('--unit')
const full = process.argv.includes('--full')
const results = path.join(root, 'test-results')
const bin = (/** @type {string} */ name) => path.join(root, 'node_modules', '.bin', name)
/** The compiler in Go; vue-tsc and ESLint need the one in JavaScript, which is `typescript`. */
const tsc = path.join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')

/** The compiler keeps what it learned: a second run looks again only at what a change can have touched. */
const incremental = (/** @type {string} */ name) => [
  '--incremental',
  '--tsBuildInfoFile',
  path.join(root, 'node_modules', '.cache', 'wharfmaster', `${name}.tsbuildinfo`),
]

/**
 * A file that did not change is not linted again, although a type it uses may have: a fresh checkout, as CI's is, has
 * no such memory.
 */
const lintCache = [
  '--cache',
  '--cache-location',
  path.join(root, 'node_modules', '.cache', 'wharfmaster', 'eslint'),
]

/** Windows that stand side by side, each with a display and practice hosts of its own. */
const windows = 2

/** @type {import('./test-counts.mjs').Counts} */
const total = { passed: 0, failed: 0 }

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {readonly string[]} argv
 * @property {number} seconds its limit
 * @property {(file: string) => import('./test-counts.mjs').Counts} [counts] reads the tool's own report; without it
 *   the part is one check
 */

/** @type {readonly Part[]} */
const staticParts = [
  {
    name: 'types: shared',
    argv: [tsc, '-p', 'tsconfig.shared.json', ...incremental('shared')],
    seconds: 900,
  },
  {
    name: 'types: renderer',
    argv: [bin('vue-tsc'), '-p', 'tsconfig.renderer.json', ...incremental('renderer')],
    seconds: 900,
  },
  {
    name: 'types: main, tests',
    argv: [tsc, '-p', 'tsconfig.json', ...incremental('main')],
    seconds: 900,
  },
  {
    name: 'lint',
    argv: [bin('eslint'), '--max-warnings', '0', ...lintCache, '.'],
    seconds: 900,
  },
  { name: 'lint: by types', argv: [bin('oxlint'), '--type-aware', '--deny-warnings', '.'], seconds: 900 },
  {
    name: 'format',
    argv: [bin('prettier'), '--check', '--log-level', 'warn', '--cache', '.'],
    seconds: 900,
  },
  {
    name: 'layers',
    argv: [
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      'main',
      'preload',
      'renderer',
      'shared',
      'test',
    ],
    seconds: 900,
  },
  { name: 'unused code', argv: [bin('knip'), '--no-progress'], seconds: 900 },
]

/** @returns {Part} */
const vitest = (
  /** @type {string} */ name,
  /** @type {string} one or several, by name */ project,
  /** @type {number} */ seconds,
) => ({
  name,
  argv: [
    bin('vitest'),
    'run',
    ...project.split(' ').flatMap((one) => ['--project', one]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(name)}`,
  ],
  seconds,
  counts: vitestCounts,
})

/** @returns {Part} */
const playwright = (/** @type {string} */ name, /** @type {string} */ project) => ({
  name,
  argv: [bin('playwright'), 'test', '--project', project],
  seconds: 1800,
  counts: playwrightCounts,
})

endOnSignals()
const started = performance.now()
try {
  fs.rmSync(results, { recursive: true, force: true })
  fs.mkdirSync(results, { recursive: true })
  await everything()
} catch (error) {
  total.failed++
  say(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await endAll()
}
say(`all of it took ${seconds(performance.now() - started)}`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exit(total.failed === 0 ? 0 : 1)

async function everything() {
  const ready = await setUpApp({ lab: !unitOnly, say })
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    WHARFMASTER_ELECTRON: ready.electron,
    ELECTRON_OVERRIDE_DIST_PATH: ready.electronFolder,
    ...(full ? { WHARFMASTER_FULL: '1' } : {}),
  }
  // The build comes before the types: it writes renderer/components.d.ts anew, and for a moment that is not whole.
  const building = buildPart()
  const checks = building.then(() => aside([...staticParts, vitest('unit tests', 'unit', 900)], env))
  if (unitOnly) {
    await checks
    say('left out, because they need practice hosts (Linux on x86-64, root): integration tests, end to end')
    return
  }
  await Promise.all([checks, onHosts(env, building)])
}

/**
 * What needs practice hosts.
 * @param {NodeJS.ProcessEnv} env
 * @param {Promise<boolean>} building whether there is a window to look at
 */
async function onHosts(env, building) {
  await prepareLab(say)
  say(`set-up: ${seconds(performance.now() - started)}`)
  const names = ['tests', ...Array.from({ length: windows }, (_, n) => `window${n}`)]
  const [[lab = '', ...labs], displays, built] = await Promise.all([
    Promise.all(names.map((name) => practiceHosts(env, name))),
    Promise.all(Array.from({ length: windows }, startDisplay)),
    building,
  ])
  /** @type {NodeJS.ProcessEnv} */
  const forWindows = {
    ...env,
    WHARFMASTER_LAB: labs.join(','),
    WHARFMASTER_DISPLAYS: displays.map(({ display }) => display).join(','),
    DISPLAY: displays[0]?.display,
  }
  await Promise.all([
    part(vitest('integration tests', 'lab breaking', full ? 7200 : 1800), { ...env, WHARFMASTER_LAB: lab }),
    ...(built ? [part(playwright('end to end', 'windows'), forWindows)] : []),
  ])
  if (!built) {
    total.failed++
    say('end to end: FAILED, there is no build')
  }
  // Nothing else runs while these look at the clock.
  else if (full) await part(playwright('end to end, by the clock', 'clock'), forWindows)
}

/**
 * One after the other, in the time that the tests leave: those wait for hosts more than they work.
 * @param {readonly Part[]} parts
 * @param {NodeJS.ProcessEnv} env
 */
async function aside(parts, env) {
  const nice = process.platform === 'win32' ? [] : ['nice', '-n', '10']
  for (const one of parts) await part({ ...one, argv: [...nice, ...one.argv] }, env)
}

/**
 * Runs one part, adds its counts, and prints what it said when it failed; all of it is in test-results/NAME.log.
 * @param {Part} one
 * @param {NodeJS.ProcessEnv} env
 */
async function part(one, env) {
  let last = ''
  const alive = setInterval(() => say(`  … ${one.name}: ${last.slice(0, 100)}`), 30_000)
  const { code, late, output, ms } = await run(one.argv, {
    seconds: one.seconds,
    env: {
      ...env,
      FORCE_COLOR: '0',
      NO_COLOR: '1',
      ...(one.counts === playwrightCounts ? { PLAYWRIGHT_JSON_OUTPUT_FILE: report(one.name) } : {}),
    },
    cwd: root,
    onLine: (line) => (last = line.trim() === '' ? last : line),
  })
  clearInterval(alive)
  if (isEnding()) return
  fs.writeFileSync(path.join(results, `${fileName(one.name)}.log`), output)
  const counts = one.counts === undefined ? { passed: 0, failed: 0 } : one.counts(report(one.name))
  // A tool that fails without a failed test could not do its work: that is a failure of its own.
  if (one.counts === undefined && code === 0) counts.passed = 1
  else if (code !== 0 && counts.failed === 0) counts.failed = 1
  total.passed += counts.passed
  total.failed += counts.failed
  const verdict = counts.failed === 0 ? 'ok' : late ? 'FAILED (no end in time)' : 'FAILED'
  const tests = one.counts === undefined ? '' : `  ${counts.passed} passed, ${counts.failed} failed`
  say(`${one.name}: ${verdict}  ${seconds(ms)}${tests}`)
  if (counts.failed > 0) process.stdout.write(`${tail(output, 80).replace(/^/gm, '    ')}\n`)
}

async function buildPart() {
  const from = performance.now()
  try {
    await build()
    total.passed++
    say(`build: ok  ${seconds(performance.now() - from)}`)
    return true
  } catch (error) {
    total.failed++
    say(
      `build: FAILED  ${seconds(performance.now() - from)}\n${error instanceof Error ? error.message : String(error)}`,
    )
    return false
  }
}

/**
 * The fixed set of practice hosts.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name for whom; each of them has hosts that nobody else changes
 * @returns {Promise<string>} the name of the lab
 */
function practiceHosts(env, name) {
  const instance = `test-${process.pid}-${name}`
  const from = performance.now()
  // Ended by name of its process alone: it takes its hosts down itself, which a signal to all would cut short.
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/lab/cli.ts', 'up', instance], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onEnd(
    () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve()
        const late = setTimeout(() => child.kill('SIGKILL'), 60_000)
        child.once('exit', () => {
          clearTimeout(late)
          resolve()
        })
        child.kill('SIGTERM')
      }),
  )
  return new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(
      () => reject(new Error(`the practice hosts were not up within 240 s\n${said}`)),
      240_000,
    )
    const hear = (/** @type {Buffer} */ text) => {
      said += String(text)
      if (!said.includes('Ctrl+C takes it all down')) return
      child.stdout.off('data', hear)
      clearTimeout(late)
      say(`practice hosts, ${name}: up  ${seconds(performance.now() - from)}`)
      resolve(instance)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`the practice hosts could not be started (exit code ${code}):\n${tail(said, 40)}`))
    })
  })
}

/** @param {string} name */
function report(name) {
  return path.join(results, `${fileName(name)}.json`)
}

/** @param {string} name */
function fileName(name) {
  return name.replace(/[^a-z0-9]+/g, '-')
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}
