import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { electronExecutable, launchApp, root } from '../e2e/launch'
import { Window } from '../e2e/pages/window'
import { homeWith } from '../e2e/user'
import { practice } from '../lab/practice/practice'

/** `ratio` is ours by theirs, of something of which less is better; it shall be at most `limit`. */
export type Line = {
  readonly name: string
  readonly ratio: number
  readonly limit: number
  readonly a: number
  readonly b: number
  readonly unit: string
}

const display = 71
const openings = 7
const rounds = 3
const roundMs = 5000
const width = 1032
const height = 748

/**
 * The viewer against the same noVNC in the same Electron, over websockify and `ssh -L` with the same cipher, on the
 * same display. First picture: from the wish to see it to the first frame drawn; the SSH connection stands in both.
 * Needs practice hosts, the runtime, a display, and Debian's packages websockify and openssh-client.
 */
export async function bench(): Promise<readonly Line[]> {
  const host = practice().host('harbor')
  await host.must(
    `setsid Xvnc :${display} -geometry 1280x800 -depth 24 -SecurityTypes None -localhost >/dev/null 2>&1 </dev/null &
sleep 1
DISPLAY=:${display} setsid xterm -geometry 210x60+0+0 -e sh -c 'while :; do head -c 9000 /dev/urandom | base64 -w 200; done' >/dev/null 2>&1 </dev/null &
sleep 1`,
    { user: 'desk' },
  )
  const ends: (() => Promise<unknown> | undefined)[] = [() => host.sh(`kill $(cat /tmp/.X${display}-lock)`)]
  try {
    const ours = await openOurs(ends)
    const theirs = await openTheirs(host.address, ends)
    const first = { ours: [] as number[], theirs: [] as number[] }
    for (let at = 0; at < openings; at++) {
      first.ours.push(await firstPicture(ours))
      first.theirs.push(await firstPicture(theirs))
    }
    const each = { ours: [] as number[], theirs: [] as number[] }
    for (let at = 0; at < rounds; at++) {
      each.ours.push(await perUpdate(ours))
      each.theirs.push(await perUpdate(theirs))
    }
    return [
      line('desktop: first picture', 1.5, 'ms', first),
      line('desktop: one update of a busy screen', 1.2, 'ms', each),
    ]
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

type Measured = { readonly ours: readonly number[]; readonly theirs: readonly number[] }

function line(name: string, limit: number, unit: string, { ours, theirs }: Measured): Line {
  const [a, b] = [median(ours), median(theirs)]
  return { name, ratio: a / b, limit, a, b, unit }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** One of the two that are compared: how its display is opened and closed, in its page. */
type Contender = {
  readonly page: Page
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
}

/** noVNC shows each update by one drawImage on the canvas that is seen. */
const counting = () => {
  const counted = { frames: 0, first: 0, since: 0 }
  Object.assign(globalThis, { counted })
  const draw = CanvasRenderingContext2D.prototype.drawImage
  CanvasRenderingContext2D.prototype.drawImage = function (
    this: CanvasRenderingContext2D,
    ...words: unknown[]
  ) {
    if (this.canvas.isConnected) {
      counted.frames += 1
      if (counted.first === 0) counted.first = performance.now()
    }
    return Reflect.apply(draw, this, words)
  } as typeof draw
}

type Counted = { frames: number; first: number; since: number }
declare global {
  var counted: Counted
}

async function firstPicture({ page, open, close }: Contender): Promise<number> {
  await page.evaluate(() => Object.assign(counted, { frames: 0, first: 0, since: 0 }))
  await open()
  await page.waitForFunction(() => counted.first > 0)
  const milliseconds = await page.evaluate(() => counted.first - counted.since)
  await close()
  await page.waitForTimeout(300)
  return milliseconds
}

async function perUpdate({ page, open, close }: Contender): Promise<number> {
  await open()
  await page.waitForTimeout(1500)
  const milliseconds = await page.evaluate(async (wait) => {
    counted.frames = 0
    const from = performance.now()
    await new Promise((resolve) => setTimeout(resolve, wait))
    return (performance.now() - from) / counted.frames
  }, roundMs)
  await close()
  await page.waitForTimeout(300)
  return milliseconds
}

async function openOurs(ends: (() => Promise<unknown> | undefined)[]): Promise<Contender> {
  const { name, address, hostKeys } = practice().host('harbor')
  const running = await launchApp({
    home: homeWith(practice().lab, [{ name, address, hostKeys, user: 'desk' }]),
  })
  ends.push(() => running.close())
  const { page } = running
  const window = new Window(page)
  await window.connect('harbor')
  await window.openSection('Desktops')
  await page.locator(`[data-display="${display}"]`).waitFor()
  await page.evaluate(counting)
  return {
    page,
    open: () =>
      page.evaluate((number) => {
        counted.since = performance.now()
        document
          .querySelector<HTMLElement>(`[data-display="${number}"] [data-testid="open-desktop"]`)
          ?.click()
      }, display),
    close: () => page.getByRole('tab').last().press('Delete'),
  }
}

async function openTheirs(address: string, ends: (() => Promise<unknown> | undefined)[]): Promise<Contender> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wharfmaster-bench-'))
  ends.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })))
  const [forwarded, web] = [await freePort(), await freePort()]
  const keys = practice().lab.keys
  started(ends, 'ssh', [
    ...['-N', '-F', 'none', '-i', keys.ed25519, '-c', 'aes128-gcm@openssh.com'],
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
    ...['-L', `127.0.0.1:${forwarded}:127.0.0.1:${5900 + display}`, `desk@${address}`],
  ])
  const site = path.join(folder, 'site')
  mkdirSync(site)
  for (const part of ['core', 'vendor'])
    cpSync(path.join(root, 'node_modules/@novnc/novnc', part), path.join(site, part), {
      recursive: true,
      dereference: true,
    })
  writeFileSync(path.join(site, 'index.html'), theirPage(web))
  started(ends, 'websockify', ['--web', site, `127.0.0.1:${web}`, `127.0.0.1:${forwarded}`])
  await listens(forwarded)
  await listens(web)
  writeFileSync(path.join(folder, 'package.json'), '{ "main": "main.js" }')
  writeFileSync(path.join(folder, 'main.js'), theirMain(web))
  const app: ElectronApplication = await _electron.launch({
    executablePath: electronExecutable(),
    args: [folder, `--user-data-dir=${path.join(folder, 'data')}`],
    chromiumSandbox: process.getuid?.() !== 0,
  })
  ends.push(() => app.close())
  const page = await app.firstWindow()
  await page.waitForFunction(() => 'openDisplay' in globalThis)
  await page.evaluate(counting)
  return {
    page,
    open: () => page.evaluate('counted.since = performance.now(); openDisplay()'),
    close: () => page.evaluate('closeDisplay()'),
  }
}

const theirPage = (port: number) => `<!doctype html>
<body style="margin: 0"><div id="screen" style="width: ${width}px; height: ${height}px"></div>
<script type="module">
import RFB from './core/rfb.js'
let rfb
globalThis.openDisplay = () => {
  rfb = new RFB(document.getElementById('screen'), 'ws://127.0.0.1:${port}/', { shared: true })
  rfb.scaleViewport = true
}
globalThis.closeDisplay = () => rfb.disconnect()
</script>`

const theirMain = (port: number) => `
const { app, BrowserWindow } = require('electron')
app.whenReady().then(() =>
  new BrowserWindow({ width: ${width}, height: ${height}, useContentSize: true }).loadURL('http://127.0.0.1:${port}/index.html'))
`

function started(
  ends: (() => Promise<unknown> | undefined)[],
  program: string,
  words: readonly string[],
): ChildProcess {
  const child = spawn(program, words, { stdio: 'ignore' })
  const failed = new Promise<never>((_resolve, reject) =>
    child.once('error', (error) => {
      reject(
        new Error(`${program} could not be started (Debian: apt-get install websockify openssh-client)`, {
          cause: error,
        }),
      )
    }),
  )
  failed.catch((error: unknown) => {
    console.error(error)
  })
  ends.push(() => {
    child.kill()
    return undefined
  })
  return child
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const at = server.address()
      server.close(() => {
        resolve(typeof at === 'object' && at !== null ? at.port : 0)
      })
    })
  })
}

async function listens(port: number): Promise<void> {
  const { connect } = await import('node:net')
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`nothing listens on port ${port}`)
}
