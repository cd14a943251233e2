import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, type Page } from '@playwright/test'
import { electronExecutable, launchApp, root } from '../e2e/launch'
import { TerminalPage } from '../e2e/pages/terminal-page'
import { Window } from '../e2e/pages/window'
import { homeWith } from '../e2e/user'
import { practice } from '../lab/practice/practice'
import type { Line } from './desktop'

const megabytes = 20
const rounds = 3
const lineTail = ' abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 quay crane'
const lineBytes = 8 + lineTail.length + 2
const lines = Math.ceil((megabytes * 1e6) / lineBytes)

/**
 * A flood through SSH into the app's terminal, against the same bytes written to xterm.js alone in the same Electron,
 * with the addons and the size of the app's. Needs practice hosts, the runtime and a display.
 */
export async function bench(): Promise<readonly Line[]> {
  const host = practice().host('harbor')
  await host.must(`seq -f '%08.0f${lineTail}\r' 0 ${String(lines - 1)} > /tmp/flood`)
  const ours: number[] = []
  const theirs: number[] = []
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
      theirs.push(await alone.write())
    }
  } finally {
    await running.close()
    await alone.close()
    await host.must('rm -f /tmp/flood')
  }
  const [a, b] = [median(ours), median(theirs)]
  return [
    { name: `terminal: a flood of ${String(megabytes)} MB`, ratio: a / b, limit: 1.5, a, b, unit: 'ms' },
  ]
}

type Watching = typeof globalThis & { flood: { begun: number; over: number } }

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
          if (bytes.includes(3)) watching.flood.over = performance.now()
        })
      }
    }
  })

async function throughSsh(terminal: TerminalPage): Promise<number> {
  const { page } = terminal
  await page.evaluate(() => ((globalThis as Watching).flood = { begun: 0, over: 0 }))
  await terminal.run(String.raw`printf '\002'; cat /tmp/flood; printf '\003'`)
  await page.waitForFunction(() => (globalThis as Watching).flood.over > 0, undefined, { timeout: 120_000 })
  return page.evaluate(() => {
    const { begun, over } = (globalThis as Watching).flood
    return over - begun
  })
}

const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="xterm.css">
<style>html,body,#t{margin:0;height:100%;overflow:hidden}</style><div id="t"></div>
<script src="xterm.js"></script><script src="addon-fit.js"></script><script src="addon-unicode-graphemes.js"></script>
<script>
const terminal = new Terminal({ allowProposedApi: true, scrollback: 10000, fontSize: 13 })
const fit = new FitAddon.FitAddon()
terminal.loadAddon(fit)
terminal.loadAddon(new UnicodeGraphemesAddon.UnicodeGraphemesAddon())
terminal.open(document.getElementById('t'))
fit.fit()
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
