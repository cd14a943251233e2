import type { Locator, Page } from '@playwright/test'

/** The section Services of a connected host. */
export class ServicesPage {
  readonly table: Locator
  readonly panel: Locator
  readonly dialog: Locator

  constructor(private readonly page: Page) {
    this.table = page.getByRole('table')
    this.panel = page.getByRole('complementary', { name: /^Service / })
    this.dialog = page.getByRole('dialog')
  }

  row(service: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByText(service, { exact: true }) })
  }

  async choose(service: string): Promise<void> {
    await this.row(service).click()
    await this.panel.getByRole('heading', { name: service }).waitFor()
  }

  field(attribute: string): Locator {
    return this.panel.locator(`[data-attribute="${attribute}"]`).getByRole('textbox')
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
