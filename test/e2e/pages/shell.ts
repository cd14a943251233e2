import type { Locator, Page } from '@playwright/test'

/** The list of hosts at the side. */
export class Sidebar {
  readonly search: Locator
  readonly tree: Locator

  constructor(private readonly page: Page) {
    this.search = page
      .getByTestId('host-search')
      .locator('input')
      .or(page.locator('input[data-testid="host-search"]'))
    this.tree = page.getByTestId('host-tree')
  }

  /** A host's line, by its profile id. */
  line(id: string): Locator {
    return this.page.locator(`[data-key="host:${id}"]`)
  }

  group(name: string): Locator {
    return this.page.locator(`[data-key="group:${name}"]`)
  }

  /** The names of all lines, in their order. */
  async names(): Promise<readonly string[]> {
    const lines = await this.tree.getByRole('treeitem').all()
    return Promise.all(
      lines.map(async (line) => (await line.locator('[data-line-name]').textContent()) ?? ''),
    )
  }
}

/** The open tabs. */
export class Tabs {
  readonly all: Locator
  readonly active: Locator

  constructor(page: Page) {
    this.all = page.getByRole('tab')
    this.active = page.getByRole('tab', { selected: true })
  }
}

/** The command palette. */
export class Palette {
  readonly root: Locator
  readonly input: Locator

  constructor(private readonly page: Page) {
    this.root = page.getByTestId('palette')
    this.input = this.root.getByRole('textbox').or(this.root.locator('input'))
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('Control+k')
    await this.root.waitFor()
  }

  /** Types, waits until the first entry has the text, and takes it. */
  async run(typed: string, first: string): Promise<void> {
    await this.open()
    await this.page.keyboard.type(typed)
    await this.root.getByRole('option').first().filter({ hasText: first }).waitFor()
    await this.page.keyboard.press('Enter')
    await this.root.waitFor({ state: 'detached' })
  }
}

/** The form of a host. */
export class HostForm {
  readonly root: Locator
  readonly address: Locator
  readonly port: Locator
  readonly user: Locator
  readonly name: Locator
  readonly save: Locator

  constructor(page: Page) {
    this.root = page.getByRole('dialog')
    this.address = this.root.getByLabel('Address')
    this.port = this.root.getByLabel('Port')
    this.user = this.root.getByLabel('User')
    this.name = this.root.getByLabel('Name')
    this.save = this.root.getByTestId('host-save')
  }
}

/** Questions that a connection asks. */
export class Questions {
  readonly root: Locator
  readonly fingerprint: Locator
  readonly trust: Locator
  readonly field: Locator
  readonly answer: Locator

  constructor(page: Page) {
    this.root = page.getByRole('dialog')
    this.fingerprint = this.root.getByTestId('fingerprint')
    this.trust = this.root.getByTestId('hostkey-save')
    this.field = this.root.getByRole('textbox').or(this.root.locator('input[type="password"]')).first()
    this.answer = this.root.getByTestId('question-answer')
  }

  async type(text: string): Promise<void> {
    await this.field.fill(text)
    await this.answer.click()
  }
}
