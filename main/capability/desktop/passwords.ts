/** VNC passwords that the user gave, in memory alone, until the app ends. */
export class Passwords {
  readonly #known = new Map<string, { readonly user: string; readonly password: Uint8Array }>()

  get(key: string): { readonly user: string; readonly password: Uint8Array } | null {
    return this.#known.get(key) ?? null
  }

  keep(key: string, given: { readonly user: string; readonly password: Uint8Array }): void {
    this.#known.set(key, given)
  }

  forget(key: string): void {
    this.#known.delete(key)
  }
}
