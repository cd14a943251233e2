import { createHash } from 'node:crypto'
import { accounts } from '../lab/accounts'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { HostForm, Palette, Questions, Sidebar, Tabs } from './pages/shell'
import { Window } from './pages/window'
import { homeWith } from './user'

const known = (name: 'harbor' | 'director' | 'web1') => {
  const { address, hostKeys } = practice().host(name)
  return { name, address, hostKeys }
}

/** As `ssh-keygen -l` prints a public key's fingerprint. */
const fingerprint = (hostKey: string): string => {
  const digest = createHash('sha256')
    .update(Buffer.from(hostKey.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

test('the first page leads to a host: its key is shown, its password asked for, its overview opened', async ({
  page,
}) => {
  const harbor = practice().host('harbor')
  const questions = new Questions(page)
  await expect(page.getByTestId('first-run')).toBeVisible()
  await page.getByPlaceholder('admin@harbor.example.org').fill('two words')
  await page.getByTestId('first-connect').click()
  await expect(page.getByTestId('first-run')).toContainText('Write an address')
  await page.getByPlaceholder('admin@harbor.example.org').fill(`pat@${harbor.address}`)
  await page.getByTestId('first-connect').click()

  await expect(questions.root).toContainText(`First contact with ${harbor.address}`)
  const shown = await questions.fingerprint.textContent()
  expect(harbor.hostKeys.map(fingerprint)).toContain(shown?.trim())
  await questions.root.getByRole('textbox').fill('SHA256:somethingelse')
  await expect(questions.root).toContainText('The fingerprints differ')
  await expect(questions.trust).toBeDisabled()
  await questions.root.getByRole('textbox').fill(shown?.trim() ?? '')
  await expect(questions.root).toContainText('The fingerprints are the same')
  await questions.trust.click()

  await expect(questions.root).toContainText('Password')
  await questions.type('not the password')
  await expect(questions.root).toContainText('This is try 2')
  await questions.type(accounts.pat.password)
  await expect(page.getByTestId('overview')).toContainText('Debian GNU/Linux')
  await expect(page.getByTestId('host-name')).toHaveText(harbor.address)
})

test('a host is made by the form, found by tag, edited and removed, all by keys', async ({ page }) => {
  const form = new HostForm(page)
  const sidebar = new Sidebar(page)
  await page.getByTestId('first-run').waitFor()
  await page.keyboard.press('Control+n')
  await form.root.waitFor()
  await page.keyboard.press('Enter')
  await expect(form.root).toContainText('Say where the host is.')
  await form.address.fill('root@198.51.100.7:70000')
  await form.address.blur()
  await expect(form.address).toHaveValue('root@198.51.100.7:70000')
  await form.address.fill('root@198.51.100.7:2222')
  await form.address.blur()
  await expect(form.address).toHaveValue('198.51.100.7')
  await expect(form.user).toHaveValue('root')
  await expect(form.port).toHaveValue('2222')
  await form.name.fill('crane')
  await form.root.getByLabel('Tags').fill('dock')
  await page.keyboard.press('Enter')
  await form.root.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByTestId('connect-panel')).toContainText('root@198.51.100.7:2222')

  await sidebar.search.fill('#nothing')
  await expect(sidebar.tree).toContainText('No host matches')
  await sidebar.search.fill('#dock')
  await expect(sidebar.tree).toContainText('crane')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('F2')
  await form.name.fill('crane 3')
  await page.keyboard.press('Enter')
  await expect(sidebar.tree).toContainText('crane 3')

  await sidebar.tree.getByRole('treeitem').first().focus()
  await page.keyboard.press('Delete')
  await expect(page.getByRole('dialog')).toContainText('Remove crane 3?')
  await page.getByTestId('host-remove').click()
  await expect(page.getByTestId('first-run')).toBeVisible()
})

test('hosts stand in their groups, and keys walk and fold the tree', async ({ launch }) => {
  const home = homeWith(practice().lab, [
    { ...known('harbor'), group: 'Docks' },
    { ...known('director'), group: 'Docks', tags: ['lvs'] },
    { ...known('web1'), readOnly: true },
  ])
  const { page } = await launch({ home })
  const sidebar = new Sidebar(page)
  await expect(sidebar.line('web1')).toBeVisible()
  expect(await sidebar.names()).toEqual(['web1', 'Docks', 'director', 'harbor'])
  await sidebar.line('web1').focus()
  await page.keyboard.press('ArrowDown')
  await expect(sidebar.group('Docks')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(sidebar.line('harbor')).toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('End')
  await expect(sidebar.line('harbor')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(sidebar.group('Docks')).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('overview')).toContainText('Debian GNU/Linux')
  await expect(page.locator('[data-service="superserver"]')).toHaveAttribute('data-state', 'running')
  await expect(page.getByTestId('privilege')).toHaveAttribute('data-kind', 'root')

  await sidebar.line('harbor').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Disconnect' }).click()
  await expect(page.getByTestId('connection-banner')).toHaveAttribute('data-state', 'closed')
  await expect(page.getByTestId('freshness')).toContainText('Old')
})

test('the palette reaches hosts, pages and actions', async ({ launch }) => {
  const home = homeWith(practice().lab, [known('harbor')])
  const { page } = await launch({ home })
  const palette = new Palette(page)
  const window = new Window(page)
  await palette.run('harbor', 'harbor')
  await expect(page.getByTestId('overview')).toContainText('Debian GNU/Linux')
  await palette.run('load bal', 'Load balancer')
  await expect(page.getByRole('heading', { level: 1, name: 'Load balancer' })).toBeVisible()
  await palette.run('theme: dark', 'Theme: dark')
  await expect(page.locator('html')).toHaveClass(/dark/)
  await palette.run('new term', 'New terminal')
  await expect(new Tabs(page).active).toContainText('harbor')
  await expect(new Tabs(page).all).toHaveCount(2)
  await page.locator('.xterm').waitFor()
  // In a terminal the shell has Ctrl+K; the palette is one Shift further.
  await page.keyboard.press('Control+k')
  await expect(palette.root).toHaveCount(0)
  await page.keyboard.press('Control+Shift+K')
  await expect(palette.root).toBeVisible()
  await page.keyboard.press('Escape')
  await window.host('harbor').click()
  await expect(new Tabs(page).active).toContainText('Load balancer')
})

test('the list of shortcuts has every command that has keys', async ({ page }) => {
  await page.getByTestId('first-run').waitFor()
  await page.keyboard.press('Control+/')
  const list = page.getByTestId('shortcuts')
  await expect(list).toContainText('Command palette')
  await expect(list).toContainText('New terminal')
  await expect(list.locator('kbd').first()).toHaveText('Ctrl')
  await page.keyboard.press('Escape')
  await expect(list).toHaveCount(0)
})

test('what sudo may not do without a password is locked until it is given', async ({ launch }) => {
  const home = homeWith(practice().lab, [{ ...known('harbor'), user: 'pat' }])
  const { page } = await launch({ home })
  const questions = new Questions(page)
  await new Window(page).connect('harbor')
  const privilege = page.getByTestId('privilege')
  await expect(privilege).toHaveAttribute('data-kind', 'locked')
  await privilege.click()
  await expect(questions.root).toContainText('Become root on harbor')
  await questions.type('wrong')
  await expect(questions.root).toContainText('This is try 2')
  await questions.type(accounts.pat.password)
  await expect(privilege).toHaveAttribute('data-kind', 'sudo')
  await page.getByTestId('lock').click()
  await expect(privilege).toHaveAttribute('data-kind', 'locked')
})
