import { app, type WebFrameMain } from 'electron'

/** The app's own page. */
export const appOrigin = 'app://wharfmaster'

/** Vite's server while developing; never honoured by a packaged app. */
export const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']

/** True for the top frame of the app's own page, and for nothing else that might send. */
export function isTrustedSender(frame: WebFrameMain | null): boolean {
  if (frame === null || frame.parent !== null) return false
  return isOwnUrl(frame.url)
}

export function isOwnUrl(text: string): boolean {
  let url: URL
  try {
    url = new URL(text) // URL.canParse is newer than the oldest runtime
  } catch {
    return false
  }
  // A custom scheme's `origin` is the string "null" in Node, so its parts are compared.
  if (url.protocol === 'app:' && url.host === 'wharfmaster') return true
  return developmentUrl !== undefined && url.origin === new URL(developmentUrl).origin
}
