import type { Locator, Page } from '@playwright/test'

/** The section Desktops of a connected host. */
export class DesktopsPage {
  constructor(private readonly page: Page) {}

  row(display: number): Locator {
    return this.page.locator(`[data-display="${display}"]`)
  }

  /** Opens the dialog, takes what it proposes but for the number, and asks for the review. */
  async start(display: number): Promise<void> {
    await this.page.getByTestId('start-desktop').first().click()
    await this.page.getByTestId('start-display').click()
    await this.page.getByRole('option', { name: `:${display}`, exact: true }).click()
    await this.page.getByTestId('start-review').click()
  }

  async open(display: number): Promise<DesktopTab> {
    await this.row(display).getByTestId('open-desktop').click()
    return new DesktopTab(this.page)
  }

  async stop(display: number): Promise<void> {
    await this.row(display).getByTestId('stop-desktop').click()
  }
}

/** A tab with a display in it: the one in front. */
export class DesktopTab {
  readonly root: Locator
  readonly surface: Locator
  readonly canvas: Locator
  readonly viewOnly: Locator

  constructor(private readonly page: Page) {
    this.root = page.getByTestId('desktop').filter({ visible: true })
    this.surface = this.root.getByTestId('desktop-surface')
    this.canvas = this.surface.locator('canvas')
    this.viewOnly = this.root.getByTestId('desktop-view-only')
  }

  async scale(how: 'Fit to tab' | 'Actual size' | 'Resize desktop'): Promise<void> {
    await this.root.getByTestId('desktop-scaling').click()
    await this.page.getByRole('option', { name: how }).click()
  }

  /** How many colours the picture has: one is a blank screen. */
  async colours(): Promise<number> {
    return this.canvas.evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
      return new Set(data === undefined ? [] : new Uint32Array(data.buffer)).size
    })
  }

  /** Points at a place of the desktop, in its own pixels, and presses the button there. */
  async click(x: number, y: number): Promise<void> {
    const box = await this.canvas.boundingBox()
    const width = await this.canvas.evaluate((canvas) =>
      canvas instanceof HTMLCanvasElement ? canvas.width : 1,
    )
    if (box === null) throw new Error('the desktop has no picture')
    const scale = box.width / width
    await this.page.mouse.click(box.x + x * scale, box.y + y * scale)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
    await this.page.keyboard.press('Enter')
  }
}
