import type { Locator, Page } from '@playwright/test'

/** The history of a host, or of all. */
export class HistoryPage {
  readonly search: Locator
  readonly entries: Locator
  readonly detail: Locator
  readonly difference: Locator
  readonly outcome: Locator
  readonly undo: Locator
  /** Of a change that is being made and waits for the user's word. */
  readonly keep: Locator
  /** To the change that it undoes, or that undid it. */
  readonly links: Locator

  constructor(page: Page) {
    // The tab that is shown; another may hold a history too.
    const root = page.getByRole('tabpanel')
    this.search = root.getByTestId('history-search')
    this.entries = root.getByTestId('history-entry')
    this.detail = root.getByTestId('history-detail')
    this.difference = this.detail.getByTestId('file-difference')
    this.outcome = this.detail.getByTestId('history-outcome')
    this.undo = this.detail.getByTestId('history-undo')
    this.keep = this.detail.getByTestId('history-keep')
    this.links = this.detail.getByTestId('history-link')
  }
}
