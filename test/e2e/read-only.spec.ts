import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { DesktopsPage } from './pages/desktops-page'
import { TerminalPage } from './pages/terminal-page'
import { Window } from './pages/window'
import { homeWith } from './user'

const harbor = () => practice().host('harbor')
const home = (user: string) => {
  const { name, address, hostKeys } = harbor()
  return homeWith(practice().lab, [{ name, address, hostKeys, user, readOnly: true }])
}

test('a terminal on a read-only host is opened once the user said that it is his own hands', async ({
  launch,
}) => {
  const { page } = await launch({ home: home('admin') })
  await new Window(page).connect('harbor')
  const terminal = new TerminalPage(page)
  await page.keyboard.press('Control+t')
  const asked = terminal.phase.getByTestId('problem')
  await expect(asked).toHaveAttribute('data-code', 'host.terminalReadOnly')
  await expect(asked).toContainText('This host is read-only')
  expect((await harbor().sh('pgrep -u admin -t pts')).code, 'no shell was started').not.toBe(0)
  await terminal.phase.getByTestId('terminal-start').click()
  await terminal.prompt()
  await terminal.run('id -un; exit')
  await terminal.shows('admin')
  // A second shell in the same tab needs no second word.
  await terminal.phase.getByTestId('terminal-start').click()
  await terminal.prompt()
  await terminal.run('exit')
})

test('a desktop of a read-only host is shown and takes nothing', async ({ launch }) => {
  const xvnc = 'setsid Xvnc :33 -geometry 640x480 -localhost -SecurityTypes None >/dev/null 2>&1 </dev/null &'
  const xterm =
    'DISPLAY=:33 xsetroot -mod 8 8; DISPLAY=:33 setsid xterm -geometry 100x40+0+0 -e sh >/dev/null 2>&1 </dev/null &'
  await harbor().must(`${xvnc} sleep 1; ${xterm}`, { user: 'desk' })
  try {
    const { page } = await launch({ home: home('desk') })
    const window = new Window(page)
    await window.connect('harbor')
    await window.openSection('Desktops')
    const tab = await new DesktopsPage(page).open(33)
    await expect(tab.root).toHaveAttribute('data-phase', 'running')
    await expect.poll(() => tab.colours()).toBeGreaterThan(1)
    await expect(tab.viewOnly).toBeDisabled()
    await tab.click(200, 200)
    await tab.type('touch ~/seen-readonly')
    await page.waitForTimeout(700)
    expect((await harbor().sh('ls /home/desk/seen-readonly')).code).not.toBe(0)
  } finally {
    await harbor().sh(
      'for p in $(pgrep -u desk -f "Xvnc :33"); do kill $p; done; rm -f /home/desk/seen-readonly',
    )
  }
})
