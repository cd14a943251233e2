import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { Palette } from './pages/shell'
import { ChangeDialog, Window } from './pages/window'
import { homeWith } from './user'

/** What axe holds for serious or worse on the page as it is now, each with its element. */
async function violations(page: Page, isFirst = true): Promise<readonly string[]> {
  const paint = (dark: boolean) =>
    page.evaluate((on) => document.documentElement.classList.toggle('dark', on), dark)
  // Nothing fades: colours on the way would be judged as well.
  await page.addStyleTag({
    content: '*, ::before, ::after { transition: none !important; animation: none !important }',
  })
  const dialogs = await page.getByRole('dialog').count()
  const pages = await page.locator('main').count()
  const look = () => {
    const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
    if (dialogs > 0) return builder.include('[role="dialog"]')
    // What stands around a page is judged with the first of them.
    return isFirst || pages === 0 ? builder : builder.include('main')
  }
  const light = await look().analyze()
  // Dark changes colours and nothing else.
  await paint(true)
  const dark = await look().withRules(['color-contrast']).analyze()
  await paint(false)
  return [...light.violations, ...dark.violations]
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
    )
}

test('no serious violation on any page, light and dark', async ({ launch }) => {
  const harbor = practice().host('harbor')
  const director = practice().host('director')
  const home = homeWith(practice().lab, [
    {
      name: harbor.name,
      address: harbor.address,
      hostKeys: harbor.hostKeys,
      group: 'Docks',
      tags: ['lab'],
    },
    { name: director.name, address: director.address, hostKeys: director.hostKeys },
    {
      name: 'pat',
      address: harbor.address,
      hostKeys: harbor.hostKeys,
      user: 'pat',
      auth: [{ kind: 'password' }],
    },
    { name: 'stranger', address: practice().host('jump1').address, hostKeys: [], readOnly: true, auth: [] },
    { name: 'nobody', address: '198.18.255.254', hostKeys: [] },
  ])
  const { page } = await launch({ home })
  const window = new Window(page)
  const palette = new Palette(page)
  const check = async (name: string) => {
    expect.soft(await violations(page, name === 'nothing open' || name === 'overview'), name).toEqual([])
  }
  await page.getByTestId('host-tree').waitFor()
  await palette.run('theme: light', 'Theme: light')
  await check('nothing open')
  await palette.open()
  await check('palette')
  await page.keyboard.press('Escape')
  for (const [keys, name] of [
    ['Control+/', 'shortcuts'],
    ['Control+n', 'form of a host'],
  ] as const) {
    await page.keyboard.press(keys)
    await page.getByRole('dialog').waitFor()
    if (name === 'form of a host') {
      await page.getByTestId('host-save').click()
      await page.getByRole('button', { name: 'Route and compatibility' }).click()
    }
    await check(name)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('Control+,')
  await page.getByTestId('settings').waitFor()
  await check('settings')

  await window.connect('harbor')
  await page.getByTestId('load').waitFor()
  await check('overview')
  for (const section of ['Services', 'Load balancer', 'Desktops']) {
    await window.openSection(section)
    await page.getByTestId('freshness').filter({ hasText: 'read' }).waitFor()
    await check(section)
  }
  await window.openSection('Services')
  await page.getByRole('table').getByText('status', { exact: true }).click()
  await check('one service')
  await page.getByTestId('service-enabled').click()
  await page.getByTestId('service-review').click()
  await page.getByTestId('change-apply').waitFor()
  await check('change')
  const change = new ChangeDialog(page)
  await change.root.getByTestId('change-export').click()
  await change.script.waitFor()
  await check('change as a script')
  await page.keyboard.press('Escape')
  await change.onlyIfConfirmed.click()
  await change.begin()
  await change.question.waitFor()
  await check('whether a change stays')
  await change.takeBack.click()
  await change.ended()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await window.openSection('History')
  await page.getByTestId('history-outcome').first().waitFor()
  await check('history')

  await window.host('pat').dblclick()
  await page.getByTestId('question-answer').waitFor()
  await check('password')
  await page.keyboard.press('Escape')
  await page.getByTestId('connect').waitFor()
  await window.host('stranger').dblclick()
  await page.getByTestId('hostkey-save').waitFor()
  await check('first contact')
  await page.getByRole('button', { name: 'Refuse' }).click()
  await page.getByTestId('problem').first().waitFor()
  await check('a sign-in that failed')
  await window.host('nobody').dblclick()
  await check('connecting')
})

test('no serious violation on the first page', async ({ page }) => {
  await page.getByTestId('first-run').waitFor()
  expect(await violations(page)).toEqual([])
})
