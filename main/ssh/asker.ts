export type PromptPurpose = 'password' | 'keyboard-interactive' | 'passphrase' | 'sudo' | 'vnc'

export interface PromptQuestion {
  readonly host: string
  readonly title: string
  readonly instruction: string
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[]
  readonly purpose: PromptPurpose
  /** Which try this is, from 1: a second one says that the first was wrong. */
  readonly attempt: number
}

export interface HostKeyQuestion {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly algorithm: string
  /** As `ssh-keygen -l` prints it: `SHA256:` and unpadded base64. */
  readonly sha256: string
  /** `MD5:` and pairs of hex digits. */
  readonly md5: string
  /** Keys of other algorithms already known for this host: more suspicious than a host never seen. */
  readonly otherKnown: readonly {
    readonly algorithm: string
    readonly sha256: string
    readonly file: string
    readonly line: number
  }[]
}

export type HostKeyDecision = 'accept-and-save' | 'accept-once' | 'refuse'

/** Asks the user. Answers are secrets: they are never logged, and live in memory alone. */
export interface Asker {
  /** null: the user cancelled. Aborted when the answer is no longer wanted. */
  prompt(question: PromptQuestion, signal: AbortSignal): Promise<readonly string[] | null>
  hostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<HostKeyDecision>
}
