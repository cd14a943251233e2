import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { Bridge } from '../../shared/contract/bridge'

declare global {
  interface Window {
    readonly wharfmaster: Bridge
  }
}

/** The checkout; also what Electron starts. */
export const root = path.resolve(import.meta.dirname, '../..')

export type LaunchOptions = {
  /** The user's home: ~/.ssh is read there, and the app's own data lies below it. Default: a new, empty one. */
  readonly home?: string
  /** More words for Electron's command line. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another program than the runtime with this checkout, e.g. a packaged app. */
  readonly executable?: string
  /** With Chromium's own sandbox, which root cannot have. Default: unless the test runs as root. */
  readonly sandbox?: boolean
}

export type RunningApp = {
  readonly app: ElectronApplication
  readonly page: Page
  readonly home: string
  /** The app's own data: profiles, settings, logs. */
  readonly data: string
  /** What its processes wrote, and what its page logged. */
  readonly output: readonly string[]
  close(): Promise<void>
}

export function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'wharfmaster-e2e-'))
  mkdirSync(path.join(home, '.ssh'), { mode: 0o700 })
  return home
}

/** Starts the app and waits for its window's page. Nothing of the user's own settings or keys is seen by it. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const home = options.home ?? newHome()
  const data = path.join(home, 'data')
  const packaged = options.executable !== undefined
  const app = await _electron.launch({
    executablePath: options.executable ?? electronExecutable(),
    args: [...(packaged ? [] : [root]), `--wharfmaster-data=${data}`, ...(options.args ?? [])],
    cwd: home,
    chromiumSandbox: options.sandbox ?? process.getuid?.() !== 0,
    env: { ...environment(), HOME: home, ...options.env },
    timeout: 60_000,
  })
  const output: string[] = []
  const hear = (text: unknown) => output.push(String(text))
  app.process().stdout?.on('data', hear)
  app.process().stderr?.on('data', hear)
  const page = await app.firstWindow()
  page.on('console', (message) => output.push(`page ${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => output.push(`page error: ${error.stack ?? error.message}`))
  await page.waitForLoadState()
  let closing: Promise<void> | null = null
  return { app, page, home, data, output, close: () => (closing ??= close(app)) }
}

/** Set by the global set-up. */
export function electronExecutable(): string {
  const executable = process.env['WHARFMASTER_ELECTRON']
  if (executable === undefined)
    throw new Error('WHARFMASTER_ELECTRON is not set; run this by `npx playwright test`')
  return executable
}

/** An app that does not quit when asked to is ended, and the test hears of it. */
async function close(app: ElectronApplication): Promise<void> {
  const child = app.process()
  if (child.exitCode !== null || child.signalCode !== null) return
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, 30_000, 'late').unref())
  if ((await Promise.race([app.close(), late])) !== 'late') return
  child.kill('SIGKILL')
  throw new Error('the app did not quit within 30 s')
}

/** A display holds one clipboard and one focus: WHARFMASTER_DISPLAYS names one for each of the windows that stand side by side. */
function environment(): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !/^(SSH_|ELECTRON_|NODE_OPTIONS|XDG_CONFIG|XDG_DATA_HOME)/.test(name))
      kept[name] = value
  const display =
    process.env['WHARFMASTER_DISPLAYS']?.split(',')[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)]
  return display === undefined ? kept : { ...kept, DISPLAY: display }
}
