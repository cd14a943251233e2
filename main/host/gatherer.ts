import { fail, type Answer } from '../../shared/contract/answer'
import type { PartName, PartSnapshot } from '../../shared/contract/part'
import { problem, type Problem } from '../../shared/contract/problem'
import type { PartSource } from './part-source'
import type { Job, Ran } from './run'
import type { SectionAnswer } from './script-answer'

export interface GathererDeps {
  /** Profile id. */
  readonly host: string
  /** As the user knows it. */
  readonly name: () => string
  readonly find: (part: PartName) => PartSource | undefined
  /** Whether the host can be asked now. */
  readonly up: () => boolean
  readonly run: (job: Job) => Promise<Ran>
  readonly changed: (part: PartName, snapshot: PartSnapshot) => void
  readonly log: (line: string) => void
}

interface OpenPart {
  readonly source: PartSource
  /** How many views show it. */
  views: number
  snapshot: PartSnapshot
  /** The value as it was last compared. */
  seen: string
  due: number
  /** Somebody wanted it anew while it was being read. */
  again: boolean
  /** It was given up last time: it is read by a script of its own, so that it holds no other. */
  late: boolean
}

const nothingYet: PartSnapshot = { value: null, at: null, revision: 0, stale: false, problem: null }
/** Parts that fall due this close to each other are read together. */
const togetherMs = 1000

/**
 * Reads the parts that views show, all that are due in one script, and tells what is new. A value stays, marked
 * stale, when a later reading fails or the connection is gone.
 */
export class Gatherer {
  readonly #deps: GathererDeps
  readonly #open = new Map<PartName, OpenPart>()
  readonly #running = new Map<PartName, Promise<void>>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(deps: GathererDeps) {
    this.#deps = deps
  }

  /** Answers with the first reading, or with what is known. */
  async open(name: PartName): Promise<Answer<PartSnapshot>> {
    const known = this.#open.get(name)
    if (known !== undefined) {
      known.views += 1
      return { ok: true, value: known.snapshot }
    }
    const source = this.#deps.find(name)
    if (source === undefined) return fail(problem('app.notFound', { what: name }))
    const part: OpenPart = {
      source,
      views: 1,
      snapshot: nothingYet,
      seen: '',
      due: 0,
      again: false,
      late: false,
    }
    this.#open.set(name, part)
    if (this.#deps.up()) await this.#read([part])
    return { ok: true, value: part.snapshot }
  }

  /** The last reading of a part that a view shows; null: none does, or it was never read. */
  last(name: PartName): PartSnapshot | null {
    const part = this.#open.get(name)
    return part === undefined || part.snapshot.at === null ? null : part.snapshot
  }

  close(name: PartName): void {
    const part = this.#open.get(name)
    if (part === undefined) return
    part.views -= 1
    if (part.views === 0) this.#open.delete(name)
    this.#plan()
  }

  /** Reads it again now, whether or not it is due. */
  async refresh(name: PartName): Promise<Answer<PartSnapshot>> {
    const part = this.#open.get(name)
    if (part === undefined) return fail(problem('app.notFound', { what: name }))
    if (!this.#deps.up()) return fail(problem('host.notConnected'))
    // What is being read may have been read before what the caller wants to see.
    await this.#running.get(name)
    await this.#read([part])
    return { ok: true, value: part.snapshot }
  }

  /** Everything that is open is read now: the connection came, or something was changed. */
  readAll(): void {
    for (const part of this.#open.values()) {
      part.due = 0
      part.again = this.#running.has(part.source.name)
    }
    this.#plan()
  }

  /** The connection went. */
  lost(why: Problem): void {
    clearTimeout(this.#timer)
    for (const part of this.#open.values()) this.#tell(part, { ...part.snapshot, stale: true, problem: why })
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#open.clear()
  }

  #plan(): void {
    clearTimeout(this.#timer)
    const waiting = this.#idle()
    if (waiting.length === 0 || !this.#deps.up()) return
    const next = Math.min(...waiting.map(({ due }) => due))
    this.#timer = setTimeout(() => void this.#readDue(), Math.max(0, next - Date.now()))
  }

  async #readDue(): Promise<void> {
    const soon = Date.now() + togetherMs
    const due = this.#idle().filter((part) => part.due <= soon)
    const healthy = due.filter(({ late }) => !late)
    const late = due.filter((part) => part.late).map((part) => [part])
    await Promise.all([...(healthy.length === 0 ? [] : [healthy]), ...late].map((parts) => this.#read(parts)))
  }

  #idle(): readonly OpenPart[] {
    return [...this.#open.values()].filter(({ source }) => !this.#running.has(source.name))
  }

  #read(parts: readonly OpenPart[]): Promise<void> {
    const reading = this.#readNow(parts).finally(() => {
      for (const { source } of parts) this.#running.delete(source.name)
      for (const part of parts) {
        part.due = Date.now() + (part.again ? 0 : part.source.refreshMs)
        part.again = false
      }
      this.#plan()
    })
    for (const { source } of parts) this.#running.set(source.name, reading)
    return reading
  }

  async #readNow(parts: readonly OpenPart[]): Promise<void> {
    const sections = parts.flatMap(({ source }) => source.sections)
    const need = parts.some(({ source }) => source.need === 'try') ? 'try' : 'none'
    const ran = await this.#ran({ sections, need })
    let from = 0
    for (const part of parts) {
      const { source } = part
      const to = from + source.sections.length
      if (ran.ok) {
        const answers = ran.value.answer.sections.slice(from, to)
        part.late = answers.some(({ kind }) => kind === 'late')
        this.#take(part, this.#parsed(source, answers, ran.value.asRoot))
      } else this.#take(part, ran)
      from = to
    }
  }

  async #ran(job: Job): Promise<Ran> {
    try {
      return await this.#deps.run(job)
    } catch (error) {
      return { ...this.#fault('part.read', error), mayHaveRun: true }
    }
  }

  /** What a host says is anybody's: a reading that was not thought of spoils its own part alone. */
  #parsed(source: PartSource, answers: readonly SectionAnswer[], asRoot: boolean): Answer<unknown> {
    try {
      return source.parse(answers, { host: this.#deps.host, asRoot })
    } catch (error) {
      return this.#fault(`part.${source.name}`, error)
    }
  }

  #fault(method: string, error: unknown): { readonly ok: false; readonly problem: Problem } {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#deps.log(`${method} on ${this.#deps.name()}: ${told}`)
    return { ok: false, problem: problem('app.internal', { method }) }
  }

  #take(
    part: OpenPart,
    answer:
      { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Problem },
  ): void {
    const { snapshot } = part
    if (!answer.ok) {
      const why = { host: this.#deps.name(), ...answer.problem }
      return this.#tell(part, { ...snapshot, stale: snapshot.value !== null, problem: why })
    }
    const seen = JSON.stringify(answer.value)
    const same = seen === part.seen
    part.seen = seen
    const fresh = { at: Date.now(), stale: false, problem: null }
    const revision = same ? snapshot.revision : snapshot.revision + 1
    const next = { ...fresh, value: same ? snapshot.value : answer.value, revision }
    if (same && !snapshot.stale && snapshot.problem === null) part.snapshot = next
    else this.#tell(part, next)
  }

  #tell(part: OpenPart, snapshot: PartSnapshot): void {
    part.snapshot = snapshot
    if (this.#open.get(part.source.name) === part) this.#deps.changed(part.source.name, snapshot)
  }
}
