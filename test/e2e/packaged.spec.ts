import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from './fixture'
import { asOrdinaryUser, nobody, packagedApp } from './packaged'

// In one worker: the first of them makes the package.
test.describe.configure({ mode: 'default' })

/** The characters that stand in the executable for a fuse that is off or on. */
const off = '0'.charCodeAt(0)
const on = '1'.charCodeAt(0)

test('the packaged app opens its window, and its host process answers', async ({ launch }) => {
  const { app, page, output } = await launch({ executable: await packagedApp() })
  await expect(page).toHaveTitle('Wharfmaster')
  expect(await app.evaluate(({ app }) => app.isPackaged)).toBe(true)
  expect(await app.evaluate(({ app }) => app.getAppPath())).toMatch(/app\.asar$/)
  // Answered by the host process, so its SSH client and all that it needs are in the package.
  expect(await page.evaluate(() => window.wharfmaster.call('profile.list', {}))).toEqual({
    ok: true,
    value: [],
  })
  expect(output.filter((line) => /page error|Cannot find module/.test(line))).toEqual([])
})

test('its fuses are those of the package for users, but for the inspector that this test needs', async ({
  launch,
}) => {
  const executable = await packagedApp()
  const { app } = await launch({ executable })
  const electron = Number.parseInt(await app.evaluate(() => process.versions['electron'] ?? ''))
  const fuses = await getCurrentFuseWire(executable)
  expect(fuses[FuseV1Options.RunAsNode]).toBe(off)
  expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off)
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(on)
  expect(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(on)
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on)
  expect(fuses[FuseV1Options.EnableCookieEncryption]).toBe(on)
  // A fuse of Electron 29 and later: an older runtime has no place for it.
  expect(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(electron >= 29 ? off : undefined)
  const resources = path.join(path.dirname(executable), 'resources')
  expect(existsSync(path.join(resources, 'default_app.asar'))).toBe(false)
})

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
