import { methods, type Answer } from '../../shared/contract'

type Call = (method: 'part.close', params: { host: string; part: string }) => Promise<Answer<unknown>>

/**
 * The parts that the page has open. A page that crashed, was loaded anew or closed says no goodbye, and the host
 * process would read its parts for ever: they are closed in its name.
 */
export class PageParts {
  readonly #open = new Map<string, { readonly host: string; readonly part: string; views: number }>()

  /** Hears every call of the page that passed its schema. */
  called(method: string, params: unknown): void {
    if (method !== 'part.open' && method !== 'part.close') return
    const { host, part } = methods[method].params.parse(params)
    const key = `${part} ${host}`
    const known = this.#open.get(key) ?? { host, part, views: 0 }
    known.views += method === 'part.open' ? 1 : -1
    if (known.views > 0) this.#open.set(key, known)
    else this.#open.delete(key)
  }

  /** The host process forgot them itself. */
  forget(): void {
    this.#open.clear()
  }

  closeAll(call: Call): void {
    for (const { host, part, views } of this.#open.values())
      for (let view = 0; view < views; view += 1) void call('part.close', { host, part })
    this.#open.clear()
  }
}
