import path from 'node:path'
import { protocol } from 'electron'
import { paths } from './paths'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
}

/**
 * Styles may be inline: Vue, CodeMirror and xterm set them at run time. Scripts may not, and nothing is
 * evaluated; the page talks to no network at all.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/**
 * Serves the built renderer, and nothing outside its folder. By the older of Electron's two ways: Chromium reads the
 * file itself, where `protocol.handle` takes each byte through JavaScript and keeps the window's first page waiting.
 */
export function serveRenderer(): void {
  // oxlint-disable-next-line typescript/no-deprecated -- there to stay as long as Electron names no other that reads files
  protocol.registerFileProtocol('app', (request, answer) => {
    const url = new URL(request.url)
    const relative = path.normalize(decodeURIComponent(url.pathname))
    const file = path.join(paths.renderer, relative === '/' || relative === '\\' ? 'index.html' : relative)
    // The page hears of it as of a file that is not there.
    if (url.host !== 'wharfmaster' || !file.startsWith(paths.renderer + path.sep)) answer({ error: notFound })
    else
      answer({
        path: file,
        headers: {
          'content-type': types[path.extname(file)] ?? 'application/octet-stream',
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
        },
      })
  })
}

/** net::ERR_FILE_NOT_FOUND */
const notFound = -6
