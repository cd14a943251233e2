import { existsSync } from 'node:fs'
import path from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from './fixture'
import { packagedApp } from './packaged'

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

test('its fuses are those of the package for users, but for the inspector that this test needs', async () => {
  const executable = await packagedApp()
  const fuses = await getCurrentFuseWire(executable)
  expect(fuses[FuseV1Options.RunAsNode]).toBe(off)
  expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off)
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(on)
  expect(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(on)
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on)
  const resources = path.join(path.dirname(executable), 'resources')
  expect(existsSync(path.join(resources, 'default_app.asar'))).toBe(false)
})
