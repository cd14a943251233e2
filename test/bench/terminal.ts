import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type Page } from '@playwright/test'
import { electronExecutable, launchApp, root } from '../e2e/launch'
import { TerminalPage } from '../e2e/pages/terminal-page'
import { Window } from '../e2e/pages/window'
import { homeWith } from '../e2e/user'
import { practice } from '../lab/practice/practice'
import { line, median, type Line } from './line'

const megabytes = 20
const rounds = 5
const lineTail = ' abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 quay crane'
const lineBytes = 8 + lineTail.length + 2
const lines = Math.ceil((megabytes * 1e6) / lineBytes)

/**
 * A flood through SSH into the app's terminal, against the same bytes written to xterm.js alone in the same Electron,
 * with the addons, the font, the focus and the size of the app's; and against OpenSSH's client taking them from such a
 * terminal of the same host into nowhere, and xterm.js drawing them after that. Needs practice hosts, the runtime, a
 * display and Debian's openssh-client.
 */
export async function bench(): Promise<readonly Line[]> {
  const host = practice().host('harbor')
  await host.must(`seq -f '%08.0f${lineTail}\r' 0 ${String(lines - 1)} > /tmp/flood`)
  const ours: number[] = []
  const drawn: number[] = []
  const taken: number[] = []
  const running = await launchApp({ home: homeWith(practice().lab, [host]) })
  const alone = await openAlone()
  try {
    await new Window(running.page).connect('harbor')
    await watchStreams(running.page)
    const terminal = new TerminalPage(running.page)
    await terminal.open()
    await terminal.run('stty -onlcr')
    for (let round = 0; round < rounds; round++) {
      ours.push(await throughSsh(terminal))
      drawn.push(await alone.write())
      taken.push(await byOpenSsh(host.address))
    }
  } finally {
    await running.close()
    await alone.close()
    await host.must('rm -f /tmp/flood')
  }
  const name = `terminal: a flood of ${String(megabytes)} MB`
  const both = median(drawn.map((ms, round) => ms + (taken[round] ?? Number.NaN)))
  return [
    line(`${name}, against xterm.js alone`, median(ours), median(drawn), 'ms', 5, whyMoreThanDrawing),
    line(
      `${name}, against OpenSSH taking it and xterm.js drawing it after that`,
      median(ours),
      both,
      'ms',
      2.5,
    ),
  ]
}

const whyMoreThanDrawing =
  'what is drawn here comes out of memory, and there through a terminal of the host, sshd, a decipher and two more ' +
  'processes. The next line has all of that on both sides.'

/** @returns milliseconds from the first byte to the last */
function byOpenSsh(address: string): Promise<number> {
  const key = practice().lab.keys.ed25519
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'BatchMode=yes',
  ]
  const words = ['-tt', '-F', 'none', '-c', 'aes128-gcm@openssh.com', '-i', key]
  return new Promise((resolve, reject) => {
    const child = spawn(
      'ssh',
      [...words, ...options.flatMap((one) => ['-o', one]), `root@${address}`, 'stty -onlcr; cat /tmp/flood'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let first = 0
    let got = 0
    child.stdout.on('data', (chunk: Buffer) => {
      if (got === 0) first = performance.now()
      got += chunk.length
    })
    child.on('error', reject)
    child.on('close', () => {
      if (got >= lines * lineBytes) resolve(performance.now() - first)
      else reject(new Error(`ssh ended after ${String(got)} bytes`))
    })
  })
}

type Watching = typeof globalThis & { flood: { begun: number; over: number; end?: () => void } }

/** STX and ETX, which print nothing, stand around the flood. */
const watchStreams = (page: Page) =>
  page.evaluate(() => {
    const watching = globalThis as Watching
    watching.flood = { begun: 0, over: 0 }
    const Original = MessageChannel
    window.MessageChannel = class extends Original {
      constructor() {
        super()
        this.port1.addEventListener('message', ({ data }: MessageEvent) => {
          if (data.type !== 'data') return
          const bytes: Uint8Array = data.bytes
          if (bytes.includes(2)) watching.flood.begun = performance.now()
          if (!bytes.includes(3)) return
          watching.flood.over = performance.now()
          watching.flood.end?.()
        })
      }
    }
  })

async function throughSsh(terminal: TerminalPage): Promise<number> {
  const { page } = terminal
  // Waited for by its end and not by asking in each frame, which the page would have to answer.
  const over = await page.evaluateHandle(() => {
    const promise = new Promise<void>((end) => {
      Object.assign(globalThis, { flood: { begun: 0, over: 0, end } })
    })
    return { promise }
  })
  await terminal.run(String.raw`printf '\002'; cat /tmp/flood; printf '\003'`)
  await over.evaluate(({ promise }) => promise)
  return page.evaluate(() => {
    const { begun, over } = (globalThis as Watching).flood
    return over - begun
  })
}

const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="xterm.css">
<style>html,body,#t{margin:0;height:100%;overflow:hidden}</style><div id="t"></div>
<script src="xterm.js"></script><script src="addon-fit.js"></script><script src="addon-unicode-graphemes.js"></script>
<script>
const fontFamily = "'JetBrains Mono', 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Noto Color Emoji', monospace"
const terminal = new Terminal({ allowProposedApi: true, scrollback: 10000, fontSize: 13, fontFamily, rescaleOverlappingGlyphs: true })
const fit = new FitAddon.FitAddon()
terminal.loadAddon(fit)
terminal.loadAddon(new UnicodeGraphemesAddon.UnicodeGraphemesAddon())
terminal.open(document.getElementById('t'))
fit.fit()
terminal.focus()
// The same bytes in pieces of 64 KiB, with at most 256 KiB not drawn yet, as the app has it.
async function writeFlood(lines, tail) {
  const encoder = new TextEncoder()
  const pieces = []
  let text = ''
  for (let n = 0; n < lines; n++) {
    text += String(n).padStart(8, '0') + tail + '\\r\\n'
    if (text.length < 64 * 1024 && n < lines - 1) continue
    pieces.push(encoder.encode(text))
    text = ''
  }
  const begun = performance.now()
  await new Promise((resolve) => {
    let next = 0
    let waiting = 0
    const more = () => {
      while (waiting < 4 && next < pieces.length) {
        waiting += 1
        terminal.write(pieces[next++], () => {
          waiting -= 1
          more()
        })
      }
      if (waiting === 0 && next === pieces.length) resolve()
    }
    more()
  })
  return performance.now() - begun
}
</script>`

const main = `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => new BrowserWindow({ width: 1032, height: 785, webPreferences: { backgroundThrottling: false } })
  .loadFile('index.html'))`

/** xterm.js with nothing behind it. */
async function openAlone(): Promise<{ write(): Promise<number>; close(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wharfmaster-bench-'))
  const files = ['xterm/lib/xterm.js', 'xterm/css/xterm.css', 'addon-fit/lib/addon-fit.js']
  for (const file of [...files, 'addon-unicode-graphemes/lib/addon-unicode-graphemes.js'])
    cpSync(path.join(root, 'node_modules/@xterm', file), path.join(folder, path.basename(file)))
  writeFileSync(path.join(folder, 'index.html'), page)
  writeFileSync(path.join(folder, 'main.js'), main)
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'alone', main: 'main.js' }))
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [folder],
    chromiumSandbox: process.getuid?.() !== 0,
  })
  const window = await app.firstWindow()
  await window.waitForLoadState()
  return {
    write: () => window.evaluate<number>(`writeFlood(${String(lines)}, ${JSON.stringify(lineTail)})`),
    async close() {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
