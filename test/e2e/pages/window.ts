import type { Locator, Page } from '@playwright/test'

/** The shell of the app's window: hosts at the side, tabs, the sections of a host. */
export class Window {
  constructor(readonly page: Page) {}

  host(name: string): Locator {
    return this.page.getByTestId('host-tree').getByText(name, { exact: true })
  }

  /** Connects as a user does, and waits until the host's own page says that it is connected. */
  async connect(name: string): Promise<void> {
    await this.host(name).dblclick()
    await this.page.getByTestId('host-name').filter({ hasText: name }).waitFor()
    await this.page
      .getByRole('navigation')
      .getByText('Overview', { exact: true })
      .waitFor({ timeout: 30_000 })
  }

  async openSection(title: string): Promise<void> {
    await this.page.getByRole('navigation').getByText(title, { exact: true }).click()
  }
}

/** The one dialog in which a change is looked at, applied and judged. */
export class ChangeDialog {
  readonly root: Locator
  readonly files: Locator
  readonly commands: Locator
  readonly outcome: Locator
  readonly problem: Locator

  constructor(page: Page) {
    this.root = page.getByRole('dialog')
    this.files = this.root.getByTestId('file-difference')
    this.commands = this.root.getByTestId('change-command')
    this.outcome = this.root.getByTestId('change-outcome')
    this.problem = this.root.getByTestId('problem')
  }

  /** Applies what is shown and gives how it ended: proved, rolledBack or unknown. */
  async apply(): Promise<string | null> {
    await this.root.getByTestId('change-apply').click()
    await this.outcome.waitFor({ timeout: 30_000 })
    return this.outcome.getAttribute('data-outcome')
  }
}
