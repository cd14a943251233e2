import type { Locator, Page } from '@playwright/test'

/** The section Services of a connected host. */
export class ServicesPage {
  readonly table: Locator
  readonly panel: Locator
  readonly dialog: Locator

  constructor(private readonly page: Page) {
    this.table = page.getByRole('table')
    this.panel = page.getByRole('complementary', {
      name: /^((Service|Defaults|File|Name) |New name|TCP wrappers)/,
    })
    this.dialog = page.getByRole('dialog')
  }

  row(service: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByText(service, { exact: true }) })
  }

  async choose(service: string): Promise<void> {
    await this.row(service).click()
    await this.panel.getByRole('heading', { name: service }).waitFor()
  }

  async view(name: 'services' | 'files' | 'names' | 'wrappers'): Promise<void> {
    await this.page.getByTestId(`superserver-${name}`).click()
  }

  /** Types a rule into the last line of the file's table. */
  async addRule(path: string, daemons: string, clients: string): Promise<void> {
    await this.page.getByLabel(`Programs of a new rule in ${path}`).fill(daemons)
    await this.page.getByLabel(`Clients of a new rule in ${path}`).fill(clients)
    await this.page.getByLabel(`Clients of a new rule in ${path}`).blur()
    await this.page.getByTestId(`add-rule-${path.replaceAll(/[^a-z]/g, '-')}`).click()
  }

  /** Edits the text of the panel's file. */
  async typeText(edit: (text: string) => string): Promise<void> {
    const typed = this.panel
      .getByTestId('file-text')
      .locator('textarea')
      .or(this.panel.locator('textarea[data-testid="file-text"]'))
    if ((await typed.count()) === 0) await this.panel.getByTestId('edit-text').click()
    await typed.fill(edit(await typed.inputValue()))
  }

  async openDefaults(): Promise<void> {
    await this.page.getByTestId('defaults').click()
    await this.panel.getByRole('heading', { name: 'defaults', exact: true }).waitFor()
  }

  /** What stands of an attribute: its name, its field, what is said beside them. */
  attribute(name: string): Locator {
    return this.panel.locator(`[data-attribute="${name}"]`)
  }

  field(attribute: string): Locator {
    return this.attribute(attribute).getByRole('textbox')
  }

  /** Types as a user does: the field is read when it is left. */
  async set(attribute: string, value: string): Promise<void> {
    await this.field(attribute).fill(value)
    await this.field(attribute).blur()
  }

  /** Ticks its box, for a change of several. */
  async select(service: string): Promise<void> {
    await this.row(service).getByRole('checkbox').click()
  }

  /** Waits until the host was read and the change of what is selected planned, or refused. */
  async bulk(kind: 'enable' | 'disable'): Promise<void> {
    await this.page.getByTestId(`bulk-${kind}`).click()
    await this.#shown()
  }

  /** The text of the service as the host would have it. */
  get text(): Locator {
    return this.panel.getByRole('group', { name: 'In the file' })
  }

  /** Opens the preview, and waits until the host was read and the change planned, or refused. */
  async review(): Promise<void> {
    await this.panel.getByTestId('service-review').click()
    await this.#shown()
  }

  async #shown(): Promise<void> {
    const shown = this.dialog.getByTestId('file-difference').or(this.dialog.getByTestId('problem'))
    await shown.first().waitFor()
  }
}
