import { vncPassword } from '../lab/accounts'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { DesktopTab, DesktopsPage } from './pages/desktops-page'
import { ChangeDialog, Window } from './pages/window'
import { homeWith } from './user'

const harbor = () => practice().host('harbor')
const home = (user: string) => {
  const { name, address, hostKeys } = harbor()
  return homeWith(practice().lab, [{ name, address, hostKeys, user }])
}
const sweep = () =>
  harbor().sh(
    'for p in $(pgrep -u desk Xvnc\\|Xtigervnc); do kill $p; done; rm -f /home/desk/seen-* /home/desk/.vnc/*.log',
  )
/** Whether the file is there, asked of the host. */
const seen = async (name: string) => (await harbor().sh(`ls /home/desk/seen-${name}`)).code === 0
/** Where xterm stands, by the lab's xstartup. */
const inXterm = [200, 200] as const

test.beforeEach(sweep)
test.afterEach(sweep)

test('a desktop is started, seen, used, kept through a broken connection, and stopped', async ({
  launch,
}) => {
  const { page, app } = await launch({ home: home('desk') })
  const window = new Window(page)
  const desktops = new DesktopsPage(page)
  const change = new ChangeDialog(page)
  await window.connect('harbor')
  await window.openSection('Desktops')

  await desktops.start(12)
  await expect(change.commands).toContainText('-rfbunixpath /home/desk/.vnc/display-12.sock')
  expect((await harbor().sh('ls /tmp/.X12-lock')).code, 'nothing is done before it is applied').not.toBe(0)
  expect(await change.apply()).toBe('proved')
  await page.keyboard.press('Escape')

  // It opens by itself.
  const tab = new DesktopTab(page)
  await expect(tab.root).toHaveAttribute('data-phase', 'running')
  await expect.poll(() => tab.colours(), { message: 'the picture is not blank' }).toBeGreaterThan(2)
  await tab.click(...inXterm)
  await tab.type('touch ~/seen-typed')
  await expect.poll(() => seen('typed')).toBe(true)

  await tab.viewOnly.click()
  await tab.click(...inXterm)
  await tab.type('touch ~/seen-viewonly')
  await page.waitForTimeout(700)
  expect(await seen('viewonly')).toBe(false)
  await tab.viewOnly.click()

  const size = async () =>
    (await harbor().sh('DISPLAY=:12 xrandr --current | head -n 1', { user: 'desk' })).stdout
  expect(await size()).toContain('current 1280 x 800')
  await tab.scale('Resize desktop')
  const surface = await tab.surface.boundingBox()
  const wanted = `current ${Math.round(surface?.width ?? 0)} x ${Math.round(surface?.height ?? 0)}`
  await expect.poll(size).toContain(wanted)
  await tab.scale('Fit to tab')

  // Their clipboard here, and ours there, in Chinese.
  await harbor().must('printf 码头 | DISPLAY=:12 setsid xclip -i -selection clipboard >/dev/null 2>&1', {
    user: 'desk',
  })
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('码头')
  await app.evaluate(({ clipboard }) => clipboard.writeText('三号吊车'))
  await page.getByRole('tab').first().click()
  await page.getByRole('tab').last().click()
  await tab.click(...inXterm)
  await expect
    .poll(
      async () =>
        (await harbor().sh('DISPLAY=:12 timeout 2 xclip -o -selection clipboard', { user: 'desk' })).stdout,
    )
    .toBe('三号吊车')

  await harbor().must('pkill -KILL -u desk sshd')
  await expect(tab.root).not.toHaveAttribute('data-phase', 'running')
  await expect(tab.root).toHaveAttribute('data-phase', 'running')
  await expect.poll(() => tab.colours()).toBeGreaterThan(2)
  await tab.click(...inXterm)
  await tab.type('touch ~/seen-again')
  await expect.poll(() => seen('again')).toBe(true)

  await page.getByRole('tab').first().click()
  await desktops.stop(12)
  await expect(change.root).toContainText('xterm')
  await change.root.getByRole('checkbox', { name: 'cannot be taken back' }).click()
  expect(await change.apply()).toBe('proved')
  await page.keyboard.press('Escape')
  await expect(desktops.row(12)).toHaveCount(0)
  // By its display: the app's own `Xtigervnc -version` may run just now.
  expect((await harbor().sh('pgrep -u desk -af "Xtigervnc :1[2]"')).stdout).toBe('')
  await page.getByRole('tab').last().click()
  await expect(tab.root.getByTestId('problem')).toHaveAttribute('data-code', 'desktop.gone')
  await expect(tab.root.getByTestId('session-log')).toContainText(/Killing Xtigervnc|cleanly exited/)
})

test("another account's desktop asks for its password, and the page never keeps it", async ({ launch }) => {
  await harbor().must(
    'setsid Xvnc :32 -geometry 640x480 -localhost -SecurityTypes VncAuth -rfbauth ~/.vnc/passwd >/dev/null 2>&1 </dev/null & sleep 0.5; DISPLAY=:32 xsetroot -mod 8 8',
    { user: 'desk' },
  )
  const { page } = await launch({ home: home('plain') })
  await new Window(page).connect('harbor')
  await new Window(page).openSection('Desktops')
  const desktops = new DesktopsPage(page)
  await expect(desktops.row(32).getByTestId('stop-desktop')).toBeDisabled()
  const tab = await desktops.open(32)
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('VNC password')
  await dialog.getByRole('textbox').fill('wrong')
  await page.getByTestId('question-answer').click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('textbox').fill(vncPassword)
  await page.getByTestId('question-answer').click()
  await expect(tab.root).toHaveAttribute('data-phase', 'running')
  await expect.poll(() => tab.colours()).toBeGreaterThan(1)
  expect(await page.content()).not.toContain(vncPassword)
})
