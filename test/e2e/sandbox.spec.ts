import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { expect, test } from './fixture'
import { packagedApp } from './packaged'

/** Debian's account without rights. */
const nobody = { uid: 65534, gid: 65534 }

/**
 * A program that starts the packaged app as an ordinary user, who could not even read the folder it is built in: the
 * app is bound to a place of its own in a mount namespace that ends with it.
 */
function asOrdinaryUser(executable: string): { readonly program: string; readonly home: string } {
  const place = mkdtempSync(path.join(tmpdir(), 'wharfmaster-user-'))
  chmodSync(place, 0o755)
  const app = path.join(place, 'app')
  const home = path.join(place, 'home')
  mkdirSync(app)
  mkdirSync(home, { mode: 0o700 })
  chownSync(home, nobody.uid, nobody.gid)
  const program = path.join(place, 'start')
  const bind = `mount --bind '${path.dirname(executable)}' '${app}'`
  const drop = `setpriv --reuid ${String(nobody.uid)} --regid ${String(nobody.gid)} --clear-groups --inh-caps=-all`
  writeFileSync(
    program,
    `#!/bin/sh\nexec unshare --mount sh -c "${bind} && exec ${drop} '${app}/wharfmaster' \\"\\$@\\"" sh "$@"\n`,
    { mode: 0o755 },
  )
  return { program, home }
}

test("an ordinary user's app runs with Chromium's sandbox on", async ({ launch }) => {
  expect(userInfo().uid, 'the test drops the rights of root, so it starts with them').toBe(0)
  const { program, home } = asOrdinaryUser(await packagedApp())
  const { app, page } = await launch({ executable: program, home, sandbox: true })
  await expect(page).toHaveTitle('Wharfmaster')
  expect(await page.evaluate(() => window.wharfmaster.call('profile.list', {}))).toEqual({
    ok: true,
    value: [],
  })

  const main = await app.evaluate(() => ({ uid: process.getuid?.(), argv: process.argv }))
  expect(main.uid).toBe(nobody.uid)
  expect(main.argv.join(' ')).not.toContain('--no-sandbox')

  const renderer = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  )
  if (renderer === undefined) throw new Error('the app has no window')
  const status = readFileSync(`/proc/${String(renderer)}/status`, 'utf8')
  // proc(5): 2 is SECCOMP_MODE_FILTER; the last field of NSpid is the pid in the process's own namespace.
  expect(status).toMatch(/^Seccomp:\t2$/m)
  expect(status).toMatch(/^NoNewPrivs:\t1$/m)
  expect(status).toMatch(/^NSpid:\t\d+\t\d+/m)
  expect(readlinkSync(`/proc/${String(renderer)}/ns/user`)).not.toBe(readlinkSync('/proc/self/ns/user'))
})
