import { problem, type Problem } from '../../../shared/contract/problem'
import { diffHunks, type HostPart, type Step } from '../../../shared/model/change'
import type { ChangeHost } from '../../capability/capability'
import { readFiles } from '../file-reading'
import type { Piece, SectionAnswer } from '../script-answer'
import type { Section } from '../script'
import {
  outputIn,
  readBeginAnswer,
  readState,
  type JournalState,
  type Refusal,
  type RollbackNote,
} from './journal-answer'
import { beginSection, verbSection, type JournalOptions, type Verb } from './journal-script'

/** A host as the change engine sees it. */
export interface EngineHost extends ChangeHost {
  readonly readOnly: boolean
  /** `user@address` of the login, for the history. */
  readonly account: string
  /** Waits for the connection; false: it did not come. */
  whenUp(milliseconds: number): Promise<boolean>
  /** The same host by a connection of its own, made anew by the same way, for a confirmation that proves the way. */
  anew(): EngineHost & { close(): void }
}

export type Begun =
  | { readonly kind: 'applied' }
  | { readonly kind: 'prepared' }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** A step failed; the host has already taken the part back, or goes on trying. */
  | { readonly kind: 'failed'; readonly problem: Problem; readonly state: JournalState }
  /** Nobody knows how far it came: what it did is still to be taken back. */
  | { readonly kind: 'broken'; readonly problem: Problem }

export type Told =
  | { readonly kind: 'told'; readonly state: JournalState }
  | { readonly kind: 'unheard'; readonly problem: Problem }

/** Between two tries: the loss of a connection is known some time after the loss of what ran on it. */
const pauseMs = 500

/** One host's part of a change that is being made: each of its verbs is one script. */
export class PartRun {
  constructor(
    readonly host: EngineHost,
    readonly part: HostPart,
    readonly options: JournalOptions,
  ) {}

  /** @param onPoint gets where the host stands: `checked`, `armed 90`, `step 0` … */
  async begin(verb: 'begin' | 'prepare', onPoint: (point: string) => void): Promise<Begun> {
    return this.#begun(beginSection(this.part, this.options, verb), onPoint)
  }

  /** What `prepare` left to be done. */
  async apply(onPoint: (point: string) => void): Promise<Begun> {
    return this.#begun(verbSection(this.options.id, 'apply', this.part), onPoint)
  }

  async #begun(section: Section, onPoint: (point: string) => void): Promise<Begun> {
    const ran = await this.host.run({
      sections: [section],
      need: this.part.need ?? 'require',
      onPiece: (name) => {
        if (name.startsWith('at ')) onPoint(name.slice(3))
        else if (name.startsWith('armed ')) onPoint(name)
      },
    })
    if (!ran.ok)
      return ran.mayHaveRun
        ? { kind: 'broken', problem: ran.problem }
        : { kind: 'refused', problem: ran.problem }
    const [answer] = ran.value.answer.sections
    const begun = readBeginAnswer(answer)
    const host = this.host.name
    const said = outputIn(answer)
    const more = said === '' ? { host } : { host, detail: said }
    switch (begun.kind) {
      case 'applied':
      case 'prepared':
        return begun
      case 'refused':
        return { kind: 'refused', problem: this.#refusal(begun.refusal, answer, more) }
      case 'failed':
        return {
          kind: 'failed',
          state: begun.state,
          problem: begun.changed
            ? conflictOf(this.host, this.part.steps[begun.step], piecesOf(answer))
            : problem('change.stepFailed', { step: begun.step + 1 }, more),
        }
      case 'broken':
        return { kind: 'broken', problem: problem('host.answerCut', {}, more) }
    }
  }

  #refusal(refusal: Refusal, answer: SectionAnswer | undefined, more: { host: string }): Problem {
    switch (refusal.kind) {
      case 'busy':
        return problem('change.hostBusy', {}, { host: more.host, detail: holderText(refusal.owner) })
      case 'conflict':
        return conflictOf(this.host, this.part.steps[refusal.step], piecesOf(answer))
      case 'cannot':
        return problem('change.cannotWrite', { path: pathOf(this.part.steps[refusal.step]) }, more)
      case 'rehearsalFailed':
        return problem('change.rehearsalFailed', { path: pathOf(this.part.steps[refusal.step]) }, more)
      case 'noJournal':
        return problem('change.noJournal', {}, more)
      case 'noDigestTool':
        return problem('change.noDigestTool', {}, { host: more.host })
      case 'notArmed':
        return problem('change.notArmed', {}, more)
    }
  }

  /**
   * Asks once.
   * @param how the connection to ask on, which may be one made for it; milliseconds after which a link that says
   *   nothing is taken for a broken one
   */
  async tell(
    verb: Verb,
    { host = this.host, milliseconds }: { host?: ChangeHost; milliseconds?: number } = {},
  ): Promise<Told> {
    const late = new AbortController()
    const timer = milliseconds === undefined ? undefined : setTimeout(() => late.abort(), milliseconds)
    const ran = await host.run({
      sections: [verbSection(this.options.id, verb, this.part)],
      need: this.part.need ?? 'require',
      signal: late.signal,
    })
    clearTimeout(timer)
    if (!ran.ok)
      return {
        kind: 'unheard',
        problem: late.signal.aborted
          ? problem(
              'host.noAnswer',
              { seconds: Math.round((milliseconds ?? 0) / 1000) },
              { host: this.host.name },
            )
          : ran.problem,
      }
    const state = readState(ran.value.answer.sections[0])
    return state === null
      ? { kind: 'unheard', problem: problem('host.answerCut', {}, { host: this.host.name }) }
      : { kind: 'told', state }
  }

  /**
   * Asks again after a broken link, as long as there is hope. Every verb may be said twice: the journal knows what
   * was decided.
   */
  async tellUntil(verb: Verb, patienceMs: number): Promise<Told> {
    let last: Told = { kind: 'unheard', problem: problem('host.notConnected', {}, { host: this.host.name }) }
    const until = Date.now() + patienceMs
    for (let attempt = 1; Date.now() < until; attempt += 1) {
      if (!(await this.host.whenUp(until - Date.now()))) return last
      last = await this.tell(verb, { milliseconds: Math.max(1000, until - Date.now()) })
      if (last.kind === 'told' || isNo(last.problem)) return last
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt))
    }
    return last
  }

  /**
   * Tells it that the part stays, or to wait for that word. What may have cut its own way hears it by a way made anew,
   * and never by the old one.
   */
  async confirm(verb: 'confirm' | { readonly hold: number }, patienceMs: number): Promise<Told> {
    if (this.part.touches !== 'network') return this.tellUntil(verb, patienceMs)
    let last: Told = { kind: 'unheard', problem: problem('change.noNewWay', {}, { host: this.host.name }) }
    const until = Date.now() + patienceMs
    for (let attempt = 1; Date.now() < until; attempt += 1) {
      if (!(await this.host.whenUp(until - Date.now()))) return last
      const anew = this.host.anew()
      try {
        if (await anew.whenUp(until - Date.now()))
          last = await this.tell(verb, { host: anew, milliseconds: Math.max(1000, until - Date.now()) })
      } finally {
        anew.close()
      }
      if (last.kind === 'told' || isNo(last.problem)) return last
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt))
    }
    return last
  }

  /** What was not put back, in words for the user; null: all of it was. */
  unrestored({ settled, report }: Extract<JournalState, { kind: 'rolledBack' }>): string | null {
    const lines = report.map((note) => this.#noteText(note))
    if (!settled) lines.push('the host goes on trying')
    return lines.length === 0 ? null : lines.join('\n').slice(0, 2000)
  }

  #noteText(note: RollbackNote): string {
    switch (note.kind) {
      case 'foreign':
      case 'lost':
      case 'failed':
        return `${noteTexts[note.kind]}: ${pathOf(this.part.steps[note.step]) || `step ${note.step + 1}`}`
      case 'stuck':
      case 'unreported':
        return noteTexts[note.kind]
    }
  }
}

/** Beside a problem's own text, in the words of the host's tools: English. */
const noteTexts = {
  foreign: 'changed by somebody else meanwhile, and left as it is',
  lost: 'could not be put back',
  failed: 'the command that takes it back failed',
  stuck: 'the process that made the change could not be ended',
  unreported: 'the disk had no room to note what else went wrong',
} as const

/** Who has the host's lock: PID START BOOT CHANGE; or a guard that a dead process left, on hosts without flock(1). */
function holderText(owner: string): string {
  const [first = '', second = '', , change = ''] = owner.split(' ')
  return first === 'guarded'
    ? `${second} was left by a process that is dead: remove that folder`
    : `process ${first} is making the change ${change}`
}

/** Asking again would put the same question to a user who has just said no. */
export const isNo = ({ code }: Problem): boolean =>
  code === 'app.cancelled' || code.startsWith('host.privilege')

const piecesOf = (answer: SectionAnswer | undefined): readonly Piece[] =>
  answer?.kind === 'done' ? answer.pieces : []

/** Somebody else changed a file meanwhile: what was planned against, and what stands there now. */
function conflictOf(host: ChangeHost, step: Step | undefined, pieces: readonly Piece[]): Problem {
  const path = pathOf(step)
  // What a secret file holds is shown nowhere, and least of all beside an error.
  if (step !== undefined && 'secret' in step && step.secret)
    return problem('change.conflict', { path }, { host: host.name })
  const now = [...readFiles(pieces).values()][0]
  const before = step !== undefined && 'before' in step && step.kind !== 'daemon' ? step.before.text : ''
  const lines =
    now?.kind === 'file'
      ? diffHunks(before, now.text).flatMap((hunk) => hunk.lines.map(({ kind, text }) => signs[kind] + text))
      : [now?.kind ?? 'missing']
  return problem('change.conflict', { path }, { host: host.name, detail: lines.join('\n').slice(0, 4000) })
}

const signs = { context: ' ', added: '+', removed: '-' } as const

function pathOf(step: Step | undefined): string {
  if (step === undefined) return ''
  if ('path' in step) return step.path
  return 'from' in step ? step.from : ''
}
