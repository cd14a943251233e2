import { run } from '../../scripts/process.mjs'
import { expect, test } from './fixture'
import { electronExecutable, root } from './launch'

test('the window shows the app, drawn by the pinned runtime', async ({ running }) => {
  await expect(running.page).toHaveTitle('Wharfmaster')
  await expect(running.page.locator('#app')).not.toBeEmpty()
  const version = await running.app.evaluate(({ app }) => app.getVersion())
  expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  expect(running.output.filter((line) => line.startsWith('page error'))).toEqual([])
})

test('a second start shows the first window instead of opening another', async ({ running }) => {
  // Not by Playwright, which expects the app that it starts to stay.
  const words = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    root,
    `--wharfmaster-data=${running.data}`,
  ]
  const second = await run([electronExecutable(), ...words], {
    seconds: 30,
    env: { ...process.env, HOME: running.home },
  })
  expect(second).toMatchObject({ code: 0, late: false })
  expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})
