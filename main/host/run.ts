import { randomBytes } from 'node:crypto'
import { encode } from '../../shared/codec'
import type { Problem } from '../../shared/contract/problem'
import type { Transport } from '../ssh'
import { converse, type Conversation } from './conversation'
import { launch, type Way } from './launch'
import { buildScript, type Section } from './script'
import { parseScriptAnswer, type ScriptAnswer } from './script-answer'

/** What a script needs: nothing but the login; root where that costs no question; root or nothing. */
export type Need = 'none' | 'try' | 'require'

export interface Job {
  readonly sections: readonly Section[]
  readonly need: Need
  /** Of the whole answer. Default 16 MiB. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
  /** Gets the name of each piece as it begins, for progress. */
  readonly onPiece?: (name: string) => void
}

export type Ran =
  | { readonly ok: true; readonly value: { readonly answer: ScriptAnswer; readonly asRoot: boolean } }
  | {
      readonly ok: false
      readonly problem: Problem
      /** Whether something of it may have run. */
      readonly mayHaveRun: boolean
    }

const defaultMaxBytes = 16 * 1024 * 1024
/** On top of what the sections may take: the way there and back, and a slow host's forks. */
const slackMs = 20_000

export type Told =
  { readonly kind: 'answered'; readonly answer: ScriptAnswer } | Exclude<Conversation, { kind: 'answered' }>

/** Sends one script by one way, with the password that the way may ask for. */
export async function runBy(
  transport: Transport,
  way: Way,
  password: string | null,
  job: Omit<Job, 'need'>,
): Promise<Told> {
  const nonce = randomBytes(16).toString('hex')
  const seconds = job.sections.reduce((sum, section) => sum + section.seconds, 0)
  const told = await converse(transport, {
    // The launch's nonce stands in an argument list, for every user of the host to read; the answer's does not.
    launch: launch(way, randomBytes(16).toString('hex')),
    nonce,
    script: encode(buildScript(nonce, job.sections)),
    maxBytes: job.maxBytes ?? defaultMaxBytes,
    timeoutMs: seconds * 1000 + slackMs,
    password,
    ...(job.signal === undefined ? {} : { signal: job.signal }),
    ...(job.onPiece === undefined ? {} : { onPiece: job.onPiece }),
  })
  if (told.kind !== 'answered') return told
  return { kind: 'answered', answer: parseScriptAnswer(nonce, job.sections, told.stdout) }
}
