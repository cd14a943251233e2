import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { Palette } from './pages/shell'
import { homeWith } from './user'

const saved = (data: string): unknown => JSON.parse(readFileSync(path.join(data, 'settings.json'), 'utf8'))

test('theme and language change at once, and are kept', async ({ launch }) => {
  const first = await launch()
  const { page } = first
  await page.getByTestId('first-run').waitFor()
  await page.keyboard.press('Control+,')
  const settings = page.getByTestId('settings')
  await settings.getByRole('combobox').first().click()
  await page.getByRole('option', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await settings.getByRole('combobox').nth(1).click()
  await page.getByRole('option', { name: '简体中文' }).click()
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect.poll(() => saved(first.data)).toMatchObject({ theme: 'dark', language: 'zh-CN' })
  await first.close()
  const again = await launch({ home: first.home })
  await expect(again.page.getByRole('heading', { name: '设置' })).toBeVisible()
  await expect(again.page.locator('html')).toHaveClass(/dark/)
})

test('read-only for the whole app is told everywhere and held by the host process', async ({ launch }) => {
  const { name, address, hostKeys } = practice().host('harbor')
  const { page } = await launch({ home: homeWith(practice().lab, [{ name, address, hostKeys }]) })
  await new Palette(page).run('harbor', 'harbor')
  await expect(page.getByTestId('overview')).toContainText('Debian')
  await new Palette(page).run('read-only mode', 'Read-only mode')
  await expect(page.getByTestId('read-only')).toBeVisible()
  const status = await page.evaluate(() => window.wharfmaster.call('host.statuses', {}))
  const shape = z.object({ value: z.array(z.object({ id: z.string(), readOnly: z.boolean() })) })
  expect(shape.parse(status).value).toEqual([{ id: 'harbor', readOnly: true }])
  await new Palette(page).run('read-only mode', 'Read-only mode')
  await expect(page.getByTestId('read-only')).toHaveCount(0)
})

test('numbers of the terminal are kept within their limits', async ({ launch }) => {
  const { page, data } = await launch()
  await page.getByTestId('first-run').waitFor()
  await page.keyboard.press('Control+,')
  const size = page.getByTestId('settings').getByRole('spinbutton').first()
  await size.fill('99')
  await size.blur()
  await expect(size).toHaveValue('32')
  await expect.poll(() => saved(data)).toMatchObject({ terminal: { fontSize: 32 } })
})
