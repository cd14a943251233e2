import type { BrowserWindow } from 'electron'
import { app, dialog, shell } from 'electron'
import { ok, type EventName, type Events, type Handlers, type MethodsAt } from '../../shared/contract'
import type { Settings } from '../../shared/contract/settings'
import { crashLoop } from './crash-loop'
import { HostProcess } from './host-process'
import { serveContract } from './ipc'
import { complain, openLog, say } from './log'
import { setMenu } from './menu'
import { saveText } from './save-text'
import { openSettings } from './settings'
import { applyTheme, createWindow } from './window'
import { placeWindow } from './window-place'

/**
 * All that the app does once its window is on its way: settings, the host process, what the page may ask.
 * Called when Electron is ready.
 * @param first the window that is loading its page
 */
export function run(first: BrowserWindow): void {
  const userData = app.getPath('userData')
  const settings = openSettings(userData, complain)
  let window: BrowserWindow | null = null
  let ending = false

  const emit = <N extends EventName>(name: N, payload: Events[N]) => send(name, payload)
  const send = (name: string, payload: unknown) => {
    if (window !== null && !window.isDestroyed()) window.webContents.send('event', name, payload)
  }

  const hostProcess = new HostProcess({
    userData,
    settings: settings.get,
    onEvent: send,
    onState: (state) => emit('hostProcess.changed', state),
    log: say,
  })

  const handlers: Handlers<MethodsAt<'app'>> = {
    'app.info': () =>
      ok({
        version: app.getVersion(),
        electron: process.versions.electron,
        chrome: process.versions.chrome,
        platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
        locale: app.getLocale(),
      }),
    'app.openLink': async ({ url }) => {
      await shell.openExternal(url)
      return ok(null)
    },
    'app.pickFile': async ({ title }) => {
      const options = { title, properties: ['openFile' as const, 'showHiddenFiles' as const] }
      const picked = window === null ? null : await dialog.showOpenDialog(window, options)
      return ok(picked?.filePaths[0] ?? null)
    },
    'app.saveText': async ({ title, name, text }) => {
      const picked =
        window === null ? null : await dialog.showSaveDialog(window, { title, defaultPath: name })
      return picked?.filePath === undefined || picked.canceled ? ok(null) : saveText(picked.filePath, text)
    },
    'app.restartHostProcess': () => {
      hostProcess.start()
      return ok(null)
    },
    'settings.get': () => ok(settings.get()),
    'settings.set': ({ settings: next }) => {
      settings.set(next)
      applyTheme(next)
      hostProcess.settingsChanged(next)
      emit('settings.changed', next)
      return ok(next)
    },
    'workspace.get': () => ok(settings.workspace()),
    'workspace.set': ({ json }) => {
      settings.setWorkspace(json)
      return ok(null)
    },
  }

  const attend = (opened: BrowserWindow) => {
    placeWindow(opened, userData, complain)
    const crashes = crashLoop()
    window = opened
    opened.on('closed', () => {
      window = null
      hostProcess.pageGone()
    })
    opened.webContents.on('render-process-gone', (_event, details) => {
      complain(`the page's process ended: ${details.reason}`)
      hostProcess.pageGone()
      if (details.reason === 'clean-exit') return
      if (crashes.mayReload()) opened.webContents.reload()
      else void askToReload(opened)
    })
    // Also a page that loads itself anew, as in development.
    opened.webContents.on('did-navigate', () => hostProcess.pageGone())
  }
  const open = () => attend(createWindow(complain))

  /** The connections stand; only the page does not. The box is the system's own, since no page can be shown. */
  async function askToReload(broken: BrowserWindow): Promise<void> {
    const chinese = usesChinese(settings.get().language, app.getLocale())
    const { response } = await dialog.showMessageBox(broken, {
      type: 'error',
      message: chinese ? '窗口页面多次崩溃。' : 'The page of this window crashed several times.',
      detail: chinese
        ? '与主机的连接仍然保持。可以重新载入页面，或退出 Wharfmaster。'
        : 'The connections to your hosts stand. Load the page again, or quit Wharfmaster.',
      buttons: chinese ? ['重新载入', '退出'] : ['Load again', 'Quit'],
      cancelId: 1,
    })
    if (response !== 0) app.quit()
    else if (!broken.isDestroyed()) broken.webContents.reload()
  }

  app.on('second-instance', () => {
    if (window === null) {
      // macOS keeps the app without a window; one that is ending gets none.
      if (!ending) open()
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('activate', () => {
    if (window === null && !ending) open()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })

  let disposed = false
  app.on('will-quit', (event) => {
    if (disposed) return
    event.preventDefault()
    if (ending) return
    ending = true
    void hostProcess.dispose().finally(() => {
      disposed = true
      app.quit()
    })
  })

  applyTheme(settings.get())
  setMenu()
  serveContract({ handlers, hostProcess, log: say })
  attend(first)
  // Its parts take longer to read than the window to make: the page's own requests go first.
  first.webContents.once('did-stop-loading', () => setTimeout(() => void openLog(), 500))
}

const usesChinese = (language: Settings['language'], locale: string): boolean =>
  language === 'zh-CN' || (language === 'system' && locale.toLowerCase().startsWith('zh'))
