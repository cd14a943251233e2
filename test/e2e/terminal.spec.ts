import type { Page } from '@playwright/test'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { TerminalPage } from './pages/terminal-page'
import { Window } from './pages/window'
import { homeWith } from './user'

const harbor = () => practice().host('harbor')
const home = () => {
  const { name, address, hostKeys } = harbor()
  return homeWith(practice().lab, [{ name, address, hostKeys }])
}

async function terminalOn(page: Page): Promise<TerminalPage> {
  await new Window(page).connect('harbor')
  const terminal = new TerminalPage(page)
  await terminal.open()
  return terminal
}

const setClipboard = (page: Page, text: string) =>
  page.evaluate((words) => navigator.clipboard.writeText(words), text)
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

test('a shell in a tab: commands, sizes, widths of Chinese and emoji, and keys that are the shell’s', async ({
  launch,
}) => {
  const { app, page } = await launch({ home: home() })
  const terminal = await terminalOn(page)

  await test.step('what is typed runs on the host', async () => {
    await terminal.run('hostname; echo $((6 * 7)); export LANG=C.UTF-8')
    await terminal.shows(/harbor\n42/)
  })

  await test.step('the program hears of the window’s size', async () => {
    const columns = async () => {
      await terminal.run('clear; echo "columns $(tput cols)."')
      await terminal.shows(/columns \d+\./)
      return Number(/columns (\d+)\./.exec(await terminal.text())?.[1])
    }
    const wide = await columns()
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(900, 700))
    await expect.poll(columns).toBeLessThan(wide - 10)
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1280, 820))
    await expect.poll(columns).toBe(wide)
  })

  await test.step('wide characters and emoji take the cells that programs expect', async () => {
    const cases = [
      ['abc', 4],
      ['你好', 5],
      ['🚀', 3],
      ['👨‍👩‍👧', 3],
      ['é', 2],
      ['e\u0301', 2],
      ['한글', 5],
      ['ｶﾅ', 3],
    ] as const
    for (const [nth, [text, column]] of cases.entries()) {
      await terminal.run(
        `clear; printf '%s' '${text}'; IFS='[;' read -rsdR -p $'\\e[6n' _ _ col; printf '\\ncase ${nth}: %s.\\n' "$col"`,
      )
      // Numbered: the case before may have had the same answer, and is still on the screen.
      await terminal.shows(`case ${nth}: ${column}.`)
    }
  })

  await test.step('Ctrl+K and F6 reach the shell; Ctrl+Shift+K is the palette', async () => {
    await terminal.run('clear')
    await page.keyboard.type('echo kept-rest')
    for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Enter')
    await terminal.shows(/\nkept\n/)
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await terminal.run('cat -v')
    await page.keyboard.press('F6')
    await page.keyboard.press('Control+n')
    await page.keyboard.press('Enter')
    await terminal.shows('^[[17~^N')
    await page.keyboard.press('Control+c')
    await page.keyboard.press('Control+Shift+K')
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('the program names its tab, and only its tab', async () => {
    await terminal.run(String.raw`printf '\e]2;root@harbor: /srv\a'`)
    await expect(page.getByRole('tab').last()).toContainText('/srv')
    await terminal.run(String.raw`printf '\e]2;<img src=x onerror=alert(1)>\xe2\x80\xae evil\a'`)
    await expect(page.getByRole('tab').last()).toContainText('<img src=x onerror=alert(1)> evil')
    await expect(page).toHaveTitle('Wharfmaster')
    expect(await page.locator('img[src="x"]').count()).toBe(0)
  })

  await test.step('search marks what it finds, here and in the scrollback', async () => {
    await terminal.run('clear; seq 1000 1400; echo needle')
    await terminal.shows('needle\n')
    await page.keyboard.press('Control+Shift+F')
    const bar = page.getByTestId('terminal-search')
    await page.keyboard.type('1005')
    await expect(bar.getByRole('status')).toHaveText('1 of 1')
    await terminal.shows('1005')
    await bar.getByRole('textbox').fill('NEEDLE')
    await expect(bar.getByRole('status')).toHaveText('1 of 1')
    await bar.getByRole('button', { name: 'Match case' }).click()
    await expect(bar.getByRole('status')).toHaveText('No match')
    await bar.getByRole('button', { name: 'Match case' }).click()
    await bar.getByRole('button', { name: 'Regular expression' }).click()
    await bar.getByRole('textbox').fill('^11[0-4]7')
    await expect(bar.getByRole('status')).toContainText('of 5')
    await bar.getByRole('textbox').fill('(')
    await expect(bar.getByRole('status')).toHaveText('Not valid')
    await page.keyboard.press('Escape')
    await expect(bar).toHaveCount(0)
    await terminal.run('echo focus is back')
    await terminal.shows('\nfocus is back\n')
  })

  await test.step('the end of a shell is told with its code, and Enter starts another below', async () => {
    await terminal.run('clear; exit 3')
    await expect(terminal.phase).toContainText('code 3')
    await page.keyboard.press('Enter')
    await expect(terminal.phase).toHaveCount(0)
    await terminal.run('echo again')
    await terminal.shows(/\n── shell ended, .* ──\n[\s\S]*\nagain/)
  })
})

test('pasting: a line goes through, lines are shown first, control characters never pass', async ({
  launch,
}) => {
  const { page } = await launch({ home: home() })
  const terminal = await terminalOn(page)
  const dialog = page.getByRole('dialog')

  await setClipboard(page, 'echo one-line')
  await page.keyboard.press('Control+Shift+V')
  await terminal.shows('echo one-line')
  await page.keyboard.press('Enter')
  await terminal.shows('\none-line\n')

  await test.step('three lines ask', async () => {
    await setClipboard(page, 'echo a1\necho b2\necho c3\n')
    await page.keyboard.press('Control+Shift+V')
    await expect(dialog).toContainText('Paste 3 lines?')
    await expect(dialog).toContainText('echo b2')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toHaveCount(0)
    expect(await terminal.text()).not.toContain('echo b2')
    await page.keyboard.press('Shift+Insert')
    await dialog.getByRole('button', { name: 'Paste', exact: true }).click()
    await terminal.shows('echo c3')
    expect(await terminal.text(), 'bash takes it as one piece').not.toMatch(/^b2$/m)
    await page.keyboard.press('Enter')
    await terminal.shows(/\na1\nb2\nc3\n/)
  })

  await test.step('the end of bracketed paste cannot be pasted', async () => {
    await terminal.run('clear')
    await setClipboard(page, 'echo safe\u001b[201~\recho injected\r')
    await page.keyboard.press('Control+Shift+V')
    await expect(dialog).toContainText('1 control character')
    await expect(dialog).toContainText('^[')
    await dialog.getByRole('button', { name: 'Paste', exact: true }).click()
    await terminal.shows('echo injected')
    expect(await terminal.text()).not.toMatch(/^injected$/m)
    await page.keyboard.press('Control+c')
  })

  await test.step('it can be joined to one line', async () => {
    await terminal.run('clear')
    await setClipboard(page, 'echo x1 \\\n  y2 \\\n  z3')
    await page.keyboard.press('Control+Shift+V')
    await dialog.getByRole('button', { name: 'Paste as one line' }).click()
    await terminal.shows(String.raw`echo x1 \ y2 \ z3`)
    await page.keyboard.press('Control+c')
  })

  await test.step('a selection is copied', async () => {
    await terminal.run('clear; echo copied text')
    await terminal.shows('\ncopied text\n')
    expect(await terminal.everything()).toMatch(/^copied text$/m)
  })
})

test('links are opened only after the whole address was shown', async ({ launch }) => {
  const { app, page } = await launch({ home: home() })
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
  const opened = () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
  const terminal = await terminalOn(page)
  const dialog = page.getByRole('dialog')

  /** The pointer goes to a row's beginning; xterm's own layer lies above the rows. */
  const click = async (row: string, modifiers: readonly 'Control'[], isLink = true) => {
    const box = await terminal.rows.locator('> div', { hasText: row }).last().boundingBox()
    if (box === null) throw new Error(`no row ${row}`)
    // A pointer that came before the line was drawn has to move once more, as a hand does.
    await expect(async () => {
      await page.mouse.move(box.x + 300, box.y + 200)
      await page.mouse.move(box.x + 40, box.y + 6, { steps: 4 })
      await expect(page.getByTestId('terminal-link-hint')).toHaveCount(isLink ? 1 : 0, { timeout: 2000 })
    }).toPass()
    for (const key of modifiers) await page.keyboard.down(key)
    await page.mouse.click(box.x + 40, box.y + 6)
    for (const key of modifiers) await page.keyboard.up(key)
  }
  await terminal.run('clear; echo https://wharf.example/berth/7')
  await terminal.shows('\nhttps://wharf.example/berth/7\n')
  await click('https://wharf.example/berth/7', [])
  await expect(dialog).toHaveCount(0)
  await click('https://wharf.example/berth/7', ['Control'])
  await expect(dialog.getByTestId('link-url')).toHaveText('https://wharf.example/berth/7')
  expect(await opened()).toEqual([])
  await dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await expect.poll(opened).toEqual(['https://wharf.example/berth/7'])

  await test.step('a link that says it leads elsewhere is told', async () => {
    await terminal.run(
      String.raw`clear; printf '\e]8;;https://trap.example/login\e\\https://bank.example/\e]8;;\e\\\n'`,
    )
    await terminal.shows('\nhttps://bank.example/\n')
    await click('https://bank.example/', ['Control'])
    await expect(dialog.getByTestId('link-url')).toHaveText('https://trap.example/login')
    await expect(dialog).toContainText('names another place')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await opened()).toHaveLength(1)
  })

  await test.step('no other scheme is a link', async () => {
    await terminal.run(String.raw`clear; printf '\e]8;;file:///etc/passwd\e\\here is a file\e]8;;\e\\\n'`)
    await terminal.shows('\nhere is a file\n')
    await click('here is a file', ['Control'], false)
    await expect(dialog).toHaveCount(0)
    expect(await opened()).toHaveLength(1)
  })
})

test('the clipboard is the user’s: writing asks, reading is never answered', async ({ launch }) => {
  const { page } = await launch({ home: home() })
  const terminal = await terminalOn(page)
  const bar = page.getByTestId('clipboard-request')
  const write = (text: string) =>
    terminal.run(`printf '\\e]52;c;%s\\a' '${Buffer.from(text).toString('base64')}'`)
  await setClipboard(page, 'mine')

  await write('theirs 一')
  await expect(bar).toContainText('theirs 一')
  expect(await clipboard(page)).toBe('mine')
  await bar.getByRole('button', { name: 'Refuse', exact: true }).click()
  expect(await clipboard(page)).toBe('mine')

  await write('theirs 二')
  await bar.getByRole('button', { name: 'Allow' }).click()
  await expect.poll(() => clipboard(page)).toBe('theirs 二')

  await terminal.run(String.raw`clear; printf '\e]52;c;?\a'; read -rst 2 -n 1 got; echo "got[$got]"`)
  await terminal.shows('\ngot[]\n')

  await write('once more')
  await bar.getByRole('button', { name: 'Refuse in this tab' }).click()
  await write('and again')
  await terminal.run('clear; echo quiet')
  await terminal.shows('\nquiet\n')
  await expect(bar).toHaveCount(0)
  expect(await clipboard(page)).toBe('theirs 二')
})

test('after a drop the terminal comes back by itself, below what it showed', async ({ launch }) => {
  const { page } = await launch({ home: home() })
  const terminal = await terminalOn(page)
  await terminal.run('seq 1 300; echo "parent $PPID."')
  await terminal.shows(/parent \d+\./)
  const sshd = /parent (\d+)\./.exec(await terminal.text())?.[1] ?? ''
  // A full-screen program with the mouse is left behind as well.
  await terminal.run(String.raw`printf '\e[?1049h\e[?1003h\e[?2004hfull screen'; sleep 100`)
  await terminal.shows('full screen')
  await harbor().must(`kill -9 ${sshd}`)
  await expect(terminal.phase).toHaveAttribute('data-phase', 'lost')
  await expect(terminal.phase).toContainText('harbor is lost')
  await expect(terminal.phase).toHaveCount(0)
  await terminal.prompt()
  await terminal.run('echo new shell')
  await terminal.shows(/── connection lost, .* ──\n[\s\S]*\nnew shell\n/)
  expect(await terminal.text()).not.toMatch(/^full screen/m)
  await page.mouse.move(600, 400)
  await page.mouse.move(640, 420)
  await terminal.run('echo clean')
  await terminal.shows(/# echo clean\nclean\n/)
  expect(await terminal.everything()).toMatch(/^298\r?\n299\r?\n300\r?\nparent/m)
})

test('a page that is loaded anew shows the terminal’s scrollback above its new shell', async ({ launch }) => {
  const { page } = await launch({ home: home() })
  const terminal = await terminalOn(page)
  await terminal.run('printf "kept-%s\\n" across-the-page')
  await terminal.shows('kept-across-the-page')
  const saved = () =>
    page.evaluate(() =>
      Object.values(sessionStorage).some((text) => String(text).includes('kept-across-the-page')),
    )
  await expect.poll(saved).toBe(true)

  await page.reload()
  await terminal.shows('kept-across-the-page')
  await terminal.prompt()
  await terminal.run('echo $((40 + 2))-again')
  await terminal.shows('42-again')
})
