import type { Component } from 'vue'

/** A page of a host, reached from its navigation. The component gets `host`, a profile id. */
export interface Section {
  readonly id: string
  /** Key of the text. */
  readonly title: string
  readonly icon: string
  readonly order: number
  readonly component: Component
}

/** What else a tab can hold. The component gets `tab` and `active`, and lives as long as its tab. */
export interface TabKind {
  readonly kind: string
  readonly icon: string
  readonly component: Component
}

/** An action that the command palette offers. */
export interface Command {
  readonly id: string
  /** Key of the text. */
  readonly title: string
  readonly icon: string
  /** As Nuxt UI's defineShortcuts names them: `meta_k` is Ctrl+K where there is no Cmd. */
  readonly keys?: readonly string[]
  readonly needsHost: boolean
  run(context: { readonly host: string | null }): void | Promise<void>
}

/** All that a feature gives to the shell. */
export interface Feature {
  readonly sections: readonly Section[]
  readonly tabs: readonly TabKind[]
  readonly commands: readonly Command[]
}
