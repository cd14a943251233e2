import type { Answer } from '../../shared/contract/answer'
import type { PartName } from '../../shared/contract/part'
import type { Section } from './script'
import type { SectionAnswer } from './script-answer'

/** How one part of a host is read. Parts that are open together are read by one script. */
export interface PartSource<T = unknown> {
  readonly name: PartName
  /** `try`: root sees more of it. Never asks for a password. */
  readonly need: 'none' | 'try'
  readonly sections: readonly Section[]
  /** Milliseconds between two readings while a view shows it. */
  readonly refreshMs: number
  /** @param answers one for each of `sections`, in their order */
  parse(answers: readonly SectionAnswer[], context: PartContext): Answer<T>
}

export interface PartContext {
  /** Profile id. */
  readonly host: string
  readonly asRoot: boolean
}
