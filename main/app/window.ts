import path from 'node:path'
import { app, BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron'
import { z } from 'zod'
import type { Settings } from '../../shared/contract/settings'
import { readJson, writeJson } from '../store/json-file'
import { appOrigin, developmentUrl } from './origin'
import { paths } from './paths'

const boundsSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(400).default(1280),
  height: z.number().int().min(300).default(820),
  maximized: z.boolean().default(false),
})

/** The app's one window: where it stood last time, with nothing of Node in its page. */
export function createWindow(folder: string, complain: (message: string) => void): BrowserWindow {
  const file = path.join(folder, 'window.json')
  const saved = readJson(file, boundsSchema, {}, complain)
  const window = new BrowserWindow({
    width: saved.width,
    height: saved.height,
    ...visiblePlace(saved),
    minWidth: 760,
    minHeight: 480,
    show: false,
    title: 'Wharfmaster',
    autoHideMenuBar: process.platform !== 'darwin',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0c0d10' : '#ffffff',
    webPreferences: {
      preload: paths.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
      devTools: !app.isPackaged,
    },
  })
  if (saved.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    try {
      writeJson(file, { ...window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      complain(`the window's place could not be kept: ${String(error)}`)
    }
  })
  window.loadURL(developmentUrl ?? `${appOrigin}/index.html`).catch((error: unknown) => {
    complain(`the window's page did not load: ${String(error)}`)
  })
  return window
}

/** A window remembered on a screen that is gone would open where nobody sees it. */
function visiblePlace(saved: z.output<typeof boundsSchema>): Pick<Rectangle, 'x' | 'y'> | object {
  const { x, y } = saved
  if (x === undefined || y === undefined) return {}
  const seen = screen.getAllDisplays().some(({ workArea }) => {
    const right = workArea.x + workArea.width
    const bottom = workArea.y + workArea.height
    return x + 100 > workArea.x && x + 100 < right && y >= workArea.y - 50 && y + 50 < bottom
  })
  return seen ? { x, y } : {}
}

export function applyTheme(settings: Settings): void {
  nativeTheme.themeSource = settings.theme
}
