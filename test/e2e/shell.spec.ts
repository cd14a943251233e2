import type { ElectronApplication } from '@playwright/test'
import { practice } from '../lab/practice/practice'
import { crashHostProcess } from './crash'
import { expect, test } from './fixture'
import { Sidebar, Tabs } from './pages/shell'
import { Window } from './pages/window'
import { homeWith } from './user'

const harbor = () => practice().host('harbor')
const homeOfHarbor = () => {
  const { name, address, hostKeys } = harbor()
  return homeWith(practice().lab, [{ name, address, hostKeys }])
}

/** The text of an element of the window's page; empty without one, and while the page cannot answer. */
const textOf = (app: ElectronApplication, selector: string): Promise<string> =>
  app.evaluate(async ({ BrowserWindow }, wanted) => {
    const code = `document.querySelector(${JSON.stringify(wanted)})?.textContent ?? ''`
    const asked: Promise<unknown> =
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code) ?? Promise.resolve('')
    return String(await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 1000, ''))]))
  }, selector)

test('tabs, sidebar, theme and section come back after a restart', async ({ launch }) => {
  const home = homeOfHarbor()
  const first = await launch({ home })
  const window = new Window(first.page)
  await window.connect('harbor')
  await window.openSection('Services')
  await first.page.keyboard.press('Control+,')
  await expect(new Tabs(first.page).active).toContainText('Settings')
  const edge = first.page.getByRole('separator')
  await edge.focus()
  for (let i = 0; i < 3; i += 1) await first.page.keyboard.press('ArrowRight')
  const width = await edge.getAttribute('aria-valuenow')
  await first.page.keyboard.press('Control+1')
  await expect(new Tabs(first.page).active).toContainText('harbor')
  await first.page.waitForTimeout(600)
  await first.close()

  const { page } = await launch({ home })
  await expect(new Tabs(page).all).toHaveCount(2)
  await expect(new Tabs(page).active).toContainText('Services')
  await expect(page.getByRole('separator')).toHaveAttribute('aria-valuenow', width ?? '')
  await expect(page.getByTestId('connect-panel')).toBeVisible()
  await page.getByTestId('connect').click()
  await expect(page.getByRole('table')).toContainText('status')
})

test('a connection that is lost says so over the last state, and mends itself', async ({ launch }) => {
  const { page } = await launch({ home: homeOfHarbor() })
  await new Window(page).connect('harbor')
  await expect(page.getByTestId('overview')).toContainText('Debian')
  const banner = page.getByTestId('connection-banner')
  try {
    await harbor().must(
      'systemctl stop ssh.socket ssh.service 2>/dev/null; systemctl is-active ssh && exit 1; true',
    )
    await harbor().sh('for p in $(pgrep -f "[s]shd: root"); do kill -9 "$p"; done')
    await expect(banner).toBeVisible()
    await expect(banner).toContainText('last known state')
    await expect(page.getByTestId('overview')).toContainText('Debian')
    await expect(page.getByTestId('freshness')).toContainText('Old')
    await expect(banner).toContainText('Trying again in')
  } finally {
    await harbor().must('systemctl start ssh')
  }
  await page.getByTestId('retry-now').click()
  await expect(banner).toHaveCount(0)
  await expect(page.getByTestId('freshness')).not.toContainText('Old')
})

test('when the host process dies the window stays and starts it again', async ({ launch }) => {
  const { app, page } = await launch({ home: homeOfHarbor() })
  const window = new Window(page)
  await window.connect('harbor')
  await window.openSection('Services')
  await expect(page.getByRole('table')).toContainText('status')
  await crashHostProcess(app)
  const banner = page.getByTestId('host-process-gone')
  await expect(banner).toBeVisible()
  await expect(new Tabs(page).active).toContainText('Services')
  await page.getByTestId('restart-host-process').click()
  await expect(banner).toHaveCount(0)
  await page.getByTestId('connection-banner').getByRole('button', { name: 'Connect' }).click()
  await expect(page.getByTestId('connection-banner')).toHaveCount(0)
  await expect(page.getByTestId('freshness')).not.toContainText('Old')
})

test('when the page crashes it is there again, with its tabs and its connections', async ({ launch }) => {
  const { app, page } = await launch({ home: homeOfHarbor() })
  const window = new Window(page)
  await window.connect('harbor')
  await window.openSection('Services')
  await page.waitForTimeout(600)
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  // Playwright holds a page whose process died for gone, so the window itself is asked.
  await expect.poll(() => textOf(app, '[role="tab"][aria-selected="true"]')).toContain('Services')
  await expect.poll(() => textOf(app, 'table')).toContain('status')
})

test('F6 goes round the parts of the window, and tabs are worked by keys', async ({ launch }) => {
  const { page } = await launch({ home: homeOfHarbor() })
  await new Window(page).connect('harbor')
  await new Sidebar(page).line('harbor').focus()
  const pane = () =>
    page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane'))
  const seen: (string | null | undefined)[] = []
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.press('F6')
    seen.push(await pane())
  }
  expect(seen).toEqual(['tabs', 'sections', 'page', 'sidebar'])
  await page.keyboard.press('Control+,')
  const tabs = new Tabs(page)
  await expect(tabs.all).toHaveCount(2)
  await page.keyboard.press('Control+Tab')
  await expect(tabs.active).toContainText('harbor')
  await tabs.active.focus()
  await page.keyboard.press('ArrowRight')
  await expect(tabs.active).toContainText('Settings')
  await page.keyboard.press('Control+w')
  await expect(tabs.all).toHaveCount(1)
  await page.keyboard.press('Control+b')
  await expect(page.getByTestId('host-tree')).toHaveCount(0)
  await page.keyboard.press('Control+b')
  await expect(page.getByTestId('host-tree')).toBeVisible()
})
