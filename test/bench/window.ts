import { readdirSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication } from '@playwright/test'
import { electronExecutable, launchApp } from '../e2e/launch'
import { line, median, type Line } from './line'

const rounds = 7
/** A window at rest: after this the first garbage collections are over. */
const restMs = 2500

type Measured = { readonly ms: number; readonly bytes: number }

/** The app's start and memory against an Electron window with an empty page, by turns. */
export async function bench(): Promise<readonly Line[]> {
  const empty = emptyApp()
  const ours: Measured[] = []
  const theirs: Measured[] = []
  try {
    // One of each first: the system's caches are warm for both then.
    await startOurs()
    await startEmpty(empty)
    for (let round = 0; round < rounds; round++) {
      ours.push(await startOurs())
      theirs.push(await startEmpty(empty))
    }
  } finally {
    rmSync(path.dirname(empty), { recursive: true })
  }
  const ms = (list: readonly Measured[]) => median(list.map((one) => one.ms))
  const mib = (list: readonly Measured[]) => median(list.map(({ bytes }) => bytes)) / 2 ** 20
  return [
    line('usable window, against an empty Electron window', ms(ours), ms(theirs), 'ms', 1.5),
    line('memory at rest (PSS of all processes), against the same', mib(ours), mib(theirs), 'MiB', 1.5),
  ]
}

async function startOurs(): Promise<Measured> {
  const started = performance.now()
  const { app, page, home, close } = await launchApp()
  try {
    const field = page.getByTestId('first-target')
    await field.waitFor()
    const ms = performance.now() - started
    // Usable, and not merely to be looked at: the field takes keys, and the page answers what was typed.
    await field.click()
    await page.keyboard.type('no such@target@')
    await page.keyboard.press('Enter')
    await page.locator('[data-testid="first-target"][aria-invalid="true"]').waitFor({ timeout: 3000 })
    const typed = await field.inputValue()
    if (typed !== 'no such@target@') throw new Error(`the first field took ${JSON.stringify(typed)}`)
    if (!(await isShown(app))) throw new Error('the window is not on the screen')
    await page.waitForTimeout(restMs)
    return { ms, bytes: memoryOf(app.process().pid) }
  } finally {
    await close()
    rmSync(home, { recursive: true, force: true })
  }
}

const isShown = (app: ElectronApplication): Promise<boolean> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().every((window) => window.isVisible()))

async function startEmpty(main: string): Promise<Measured> {
  const started = performance.now()
  const data = mkdtempSync(path.join(tmpdir(), 'wharfmaster-empty-'))
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [main, `--user-data-dir=${data}`],
    chromiumSandbox: process.getuid?.() !== 0,
  })
  try {
    const page = await app.firstWindow()
    await page.locator('#ready').waitFor()
    const ms = performance.now() - started
    await page.waitForTimeout(restMs)
    return { ms, bytes: memoryOf(app.process().pid) }
  } finally {
    await app.close()
    rmSync(data, { recursive: true, force: true })
  }
}

function emptyApp(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wharfmaster-empty-app-'))
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>empty</title><input id="ready">')
  const main = path.join(folder, 'main.cjs')
  writeFileSync(
    main,
    `const { app, BrowserWindow } = require('electron')
app.on('window-all-closed', () => app.quit())
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 820 }).loadFile(require('path').join(__dirname, 'index.html')))`,
  )
  return main
}

/** proc(5): Pss in smaps_rollup is in kB; shared pages are counted once over all processes that share them. */
function memoryOf(root: number | undefined): number {
  if (root === undefined) throw new Error('the app has ended')
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readOrNull(`/proc/${name}/stat`)
    if (stat !== null) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const belongs = (pid: number): boolean =>
    pid === root || (parents.has(pid) && pid > 1 && belongs(parents.get(pid) ?? 0))
  let kilobytes = 0
  for (const pid of parents.keys()) {
    if (!belongs(pid)) continue
    kilobytes += Number(
      /^Pss:\s+(\d+) kB$/m.exec(readOrNull(`/proc/${String(pid)}/smaps_rollup`) ?? '')?.[1] ?? 0,
    )
  }
  return kilobytes * 1024
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // ended meanwhile
  }
}
