import { app, session } from 'electron'
import { isOwnUrl } from './origin'

/** Permissions the app's own page has; everything else is refused. Reading the clipboard is for pasting. */
const granted = new Set(['clipboard-read', 'clipboard-sanitized-write', 'fullscreen', 'pointerLock'])

/** Refuses, for every web contents ever made, to leave the app's page, open windows, or gain permissions. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      if (!isOwnUrl(url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** After the app is ready. */
export function lockDownSession(): void {
  const own = session.defaultSession
  own.setPermissionRequestHandler((contents, permission, decide) =>
    decide(granted.has(permission) && isOwnUrl(contents.getURL())),
  )
  own.setPermissionCheckHandler(
    (_contents, permission, origin) => granted.has(permission) && isOwnUrl(origin),
  )
  own.setDevicePermissionHandler(() => false)
  own.on('will-download', (event) => event.preventDefault())
}
