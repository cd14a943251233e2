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
    await this.page.getByRole('navigation').getByText('Overview', { exact: true }).waitFor()
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
  /** Keep it only if the user confirms afterwards. */
  readonly onlyIfConfirmed: Locator
  /** The question whether it stays, with what the host said. */
  readonly question: Locator
  readonly countdown: Locator
  readonly keep: Locator
  /** Also cancels what is being applied. */
  readonly takeBack: Locator
  readonly script: Locator

  constructor(page: Page) {
    this.root = page.getByRole('dialog')
    this.files = this.root.getByTestId('file-difference')
    this.commands = this.root.getByTestId('change-command')
    this.outcome = this.root.getByTestId('change-outcome')
    this.problem = this.root.getByTestId('problem')
    this.onlyIfConfirmed = this.root.getByTestId('change-only-if-confirmed')
    this.question = this.root.getByTestId('change-keep')
    this.countdown = this.root.getByTestId('countdown')
    this.keep = this.root.getByTestId('change-keep-yes')
    this.takeBack = this.root.getByTestId('change-take-back')
    this.script = this.root.getByTestId('change-script')
  }

  /** Applies what is shown and gives how it ended: proved, rolledBack or unknown. */
  async apply(): Promise<string | null> {
    await this.begin()
    return this.ended()
  }

  async begin(): Promise<void> {
    await this.root.getByTestId('change-apply').click()
  }

  async ended(): Promise<string | null> {
    await this.outcome.waitFor()
    return this.outcome.getAttribute('data-outcome')
  }
}
