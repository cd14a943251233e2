import type { Locator, Page } from '@playwright/test'

/** The section Load balancer of a connected host. */
export class BalancerPage {
  readonly owner: Locator

  constructor(private readonly page: Page) {
    this.owner = page.getByTestId('balancer-owner')
  }

  /** @param title as the app names it: `tcp 198.18.0.5:80` */
  service(title: string): Locator {
    return this.page.getByRole('region', { name: title })
  }

  server(title: string, endpoint: string): Locator {
    return this.service(title).locator(`[data-server="${endpoint}"]`)
  }

  async add(title: string, address: string, port: number): Promise<void> {
    await this.service(title).getByRole('button', { name: 'Add real server' }).click()
    const form = this.page.getByRole('dialog')
    await form.locator('input[name="address"]').fill(address)
    const portField = form.locator('input[name="port"], [name="port"] input').first()
    await portField.fill(String(port))
    await portField.blur()
    await form.getByRole('button', { name: 'Review change' }).click()
  }

  async setWeight(title: string, endpoint: string, weight: number): Promise<void> {
    const row = this.server(title, endpoint)
    await row.getByRole('button', { name: /^Change the weight/ }).click()
    const field = row.getByRole('spinbutton', { name: 'Weight' })
    await field.fill(String(weight))
    await field.press('Enter')
    const set = row.getByRole('button', { name: 'Set the weight' })
    if (await set.isVisible()) await set.click()
  }
}
