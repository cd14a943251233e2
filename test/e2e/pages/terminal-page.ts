import { expect, type Locator, type Page } from '@playwright/test'

/** The terminal in front, as a user sees it: drawn by DOM, which is what a machine without a GPU gets. */
export class TerminalPage {
  readonly surface: Locator
  readonly rows: Locator
  /** Stands below the terminal while it has no shell. */
  readonly phase: Locator

  constructor(readonly page: Page) {
    this.surface = page.getByTestId('terminal').filter({ visible: true })
    this.rows = this.surface.locator('.xterm-rows')
    this.phase = page.getByTestId('terminal-phase').filter({ visible: true })
  }

  /** Opens a terminal on the host that the window is about, and waits for the shell's prompt. */
  async open(): Promise<void> {
    const before = await this.page.getByTestId('terminal').count()
    await this.page.keyboard.press(before === 0 ? 'Control+t' : 'Control+Shift+T')
    await expect(this.page.getByTestId('terminal')).toHaveCount(before + 1)
    await this.prompt()
  }

  /** Waits for a shell that waits for a command. */
  async prompt(): Promise<void> {
    await expect(this.rows).toHaveText(/[#$]\s*$/)
  }

  /** Types a command and Enter. */
  async run(command: string): Promise<void> {
    await this.surface.locator('textarea').focus()
    // A key whose release a dialog took would make xterm wait for an input method's end.
    await this.page.keyboard.press('Shift')
    await this.page.keyboard.insertText(command)
    await this.page.keyboard.press('Enter')
  }

  /** What is on the screen, each line after a line end and without the blanks at its own. */
  async text(): Promise<string> {
    const rows = await this.rows.locator('> div').allTextContents()
    return rows
      .map((row) => `\n${row.replaceAll('\u00a0', ' ').trimEnd()}`)
      .join('')
      .trimEnd()
  }

  async shows(text: string | RegExp): Promise<void> {
    if (typeof text === 'string') await expect.poll(() => this.text()).toContain(text)
    else await expect.poll(() => this.text()).toMatch(text)
  }

  /** Screen and scrollback, by the clipboard. */
  async everything(): Promise<string> {
    await this.surface.locator('textarea').focus()
    await this.page.keyboard.press('Control+Shift+A')
    await this.page.keyboard.press('Control+Shift+C')
    return this.page.evaluate(() => navigator.clipboard.readText())
  }
}
