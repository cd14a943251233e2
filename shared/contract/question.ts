import { z } from 'zod'
import { atHost, nothing, value } from './method'

/** Something only the user can answer while a call waits. */
export type Question =
  | {
      readonly kind: 'prompt'
      readonly id: string
      readonly host: string
      readonly purpose: 'password' | 'keyboard-interactive' | 'passphrase' | 'sudo' | 'vnc'
      readonly title: string
      readonly instruction: string
      readonly prompts: readonly { readonly text: string; readonly echo: boolean }[]
      /** Which try this is, from 1: a second one says that the first was wrong. */
      readonly attempt: number
    }
  | {
      readonly kind: 'hostKey'
      readonly id: string
      readonly host: string
      readonly address: string
      readonly port: number
      readonly algorithm: string
      readonly sha256: string
      readonly md5: string
      /** Keys of other algorithms already known for this host. */
      readonly otherKnown: readonly {
        readonly algorithm: string
        readonly sha256: string
        readonly file: string
        readonly line: number
      }[]
    }

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prompt'), values: z.array(z.string().max(4096)).max(16) }),
  z.object({ kind: z.literal('hostKey'), decision: z.enum(['accept-and-save', 'accept-once', 'refuse']) }),
  z.object({ kind: z.literal('cancel') }),
])
export type QuestionAnswer = z.infer<typeof answer>

export const questionMethods = {
  'question.list': atHost(nothing, value<readonly Question[]>()),
  'question.answer': atHost(z.object({ id: z.string().max(64), answer }), value<null>()),
}
