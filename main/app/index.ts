import type { BrowserWindow } from 'electron'
import { app, dialog, shell } from 'electron'
import log from 'electron-log/main'
import { ok, type EventName, type Events, type Handlers, type MethodsAt } from '../../shared/contract'
import { crashLoop } from './crash-loop'
import { HostProcess } from './host-process'
import { serveContract } from './ipc'
import { lockDown, lockDownSession } from './lockdown'
import { setMenu } from './menu'
import { registerScheme, serveRenderer } from './protocol'
import { openSettings } from './settings'
import { applyTheme, createWindow } from './window'
import type { Settings } from '../../shared/contract/settings'

/** Tests and the demo give the app a profile of its own. */
const ownData = app.commandLine.getSwitchValue('wharfmaster-data')
if (ownData) app.setPath('userData', ownData)

log.initialize({ preload: false, spyRendererConsole: false })
log.transports.file.resolvePathFn = () => `${app.getPath('userData')}/logs/main.log`
const say = (line: string) => log.info(line)

registerScheme()
lockDown()

if (app.requestSingleInstanceLock()) run()
else app.quit()

function run(): void {
  const userData = app.getPath('userData')
  const settings = openSettings(userData, (message) => log.error(message))
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

  const open = () => {
    const opened = createWindow(userData, (message) => log.error(message))
    const crashes = crashLoop()
    window = opened
    opened.on('closed', () => {
      window = null
      hostProcess.pageGone()
    })
    opened.webContents.on('render-process-gone', (_event, details) => {
      log.error(`the page's process ended: ${details.reason}`)
      hostProcess.pageGone()
      if (details.reason === 'clean-exit') return
      if (crashes.mayReload()) opened.webContents.reload()
      else void askToReload(opened)
    })
    // Also a page that loads itself anew, as in development.
    opened.webContents.on('did-navigate', () => hostProcess.pageGone())
  }

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
      if (app.isReady() && !ending) open()
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('activate', () => {
    if (window === null && app.isReady() && !ending) open()
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

  app
    .whenReady()
    .then(() => {
      applyTheme(settings.get())
      setMenu()
      serveRenderer()
      lockDownSession()
      serveContract({ handlers, hostProcess, log: say })
      // The page takes longer to load than the host process to start.
      open()
      hostProcess.start()
    })
    .catch((error: unknown) => {
      log.error(error)
      dialog.showErrorBox('Wharfmaster', String(error))
      app.exit(1)
    })
}

const usesChinese = (language: Settings['language'], locale: string): boolean =>
  language === 'zh-CN' || (language === 'system' && locale.toLowerCase().startsWith('zh'))
