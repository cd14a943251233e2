import { app, BrowserWindow, nativeTheme } from 'electron'
import type { Settings } from '../../shared/contract/settings'
import { appOrigin, developmentUrl } from './origin'
import { paths } from './paths'

export const usualSize = { width: 1280, height: 820 } as const

/** The app's one window, with nothing of Node in its page. It is shown once its page is loaded. */
export function createWindow(complain: (message: string) => void): BrowserWindow {
  const window = new BrowserWindow({
    ...usualSize,
    minWidth: 760,
    minHeight: 480,
    show: false,
    // Else the page's process waits for the graphics process to start before it reads its page.
    paintWhenInitiallyHidden: false,
    title: 'Wharfmaster',
    autoHideMenuBar: process.platform !== 'darwin',
    backgroundColor: background(),
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
  const show = () => {
    if (window.isDestroyed()) return
    window.setBackgroundColor(background())
    window.show()
  }
  window.webContents.once('did-finish-load', show)
  window.loadURL(developmentUrl ?? `${appOrigin}/index.html`).catch((error: unknown) => {
    complain(`the window's page did not load: ${String(error)}`)
    show()
  })
  return window
}

export function applyTheme(settings: Settings): void {
  nativeTheme.themeSource = settings.theme
}

const background = () => (nativeTheme.shouldUseDarkColors ? '#0c0d10' : '#ffffff')
