// Draws the app's icon from its SVG in every size that packages take. Run it when the drawing changes:
// node scripts/draw-icons.mjs
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { _electron } from '@playwright/test'
import { displayAnswers, startDisplay } from './display.mjs'
import { endAll } from './process.mjs'
import { root, sayTimed, setUp } from './setup.mjs'

const folder = path.join(root, 'scripts', 'package')
const svg = fs.readFileSync(path.join(folder, 'icon.svg'), 'utf8')
const main = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'wharfmaster-draw-')), 'main.cjs')
fs.writeFileSync(
  main,
  `const { app, BrowserWindow } = require('electron')
  app.whenReady().then(() => new BrowserWindow({ width: 1100, height: 1100, useContentSize: true }).loadURL('about:blank'))`,
)
try {
  const { electron } = await setUp({ lab: false, say: sayTimed })
  if (!(await displayAnswers())) process.env['DISPLAY'] = (await startDisplay()).display
  const app = await _electron.launch({
    executablePath: electron,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--force-device-scale-factor=1', main],
  })
  try {
    const page = await app.firstWindow()
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
      await page.setContent(
        `<body style="margin:0"><div id="icon" style="width:${size}px;height:${size}px">${svg}</div>`,
      )
      const file =
        size === 1024 ? path.join(folder, 'icon.png') : path.join(folder, 'icons', `${size}x${size}.png`)
      await page.locator('#icon').screenshot({ path: file, omitBackground: true })
    }
  } finally {
    await app.close()
  }
} finally {
  fs.rmSync(path.dirname(main), { recursive: true })
  await endAll()
}
