import { expect, test } from './fixture'

test('the window shows the app, drawn by the pinned runtime', async ({ running }) => {
  await expect(running.page).toHaveTitle('Wharfmaster')
  await expect(running.page.locator('#app')).not.toBeEmpty()
  const version = await running.app.evaluate(({ app }) => app.getVersion())
  expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  expect(running.output.filter((line) => line.startsWith('page error'))).toEqual([])
})

test('a second start shows the first window instead of opening another', async ({ running, launch }) => {
  await expect(launch({ home: running.home })).rejects.toThrow()
  expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})
