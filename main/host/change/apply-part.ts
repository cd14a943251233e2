import { decode } from '../../../shared/codec'
import { problem, type Problem } from '../../../shared/contract/problem'
import { diffHunks, type HostPart, type Step } from '../../../shared/model/change'
import type { ChangeHost } from '../../capability/capability'
import { readFiles } from '../file-reading'
import type { Piece, SectionAnswer } from '../script-answer'
import { applySection } from './apply-script'

export type Applied =
  /** Everything was done; whether it holds is another question. */
  | { readonly kind: 'applied'; readonly captured: Captured }
  /** Nothing was touched. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Some of it may have been done. Not heard: what was captured before is not known. */
  | {
      readonly kind: 'broken'
      readonly problem: Problem
      readonly captured: Captured
      readonly heard: boolean
    }

/** By step: what a runtime step's `capture` said. */
export type Captured = ReadonlyMap<number, Uint8Array>

/** Checks, stages and does the steps of one host, in one script. */
export async function applyPart(
  host: ChangeHost,
  part: HostPart,
  id: string,
  onStep: (step: number) => void,
): Promise<Applied> {
  const ran = await host.run({
    sections: [applySection(part, id)],
    need: part.need ?? 'require',
    onPiece: (name) => {
      const step = /^step (\d+)$/.exec(name)?.[1]
      if (step !== undefined) onStep(Number(step))
    },
  })
  if (!ran.ok)
    return ran.mayHaveRun
      ? { kind: 'broken', problem: ran.problem, captured: new Map(), heard: false }
      : { kind: 'refused', problem: ran.problem }
  const [answer] = ran.value.answer.sections
  return judge(host, part, answer)
}

function judge(host: ChangeHost, part: HostPart, answer: SectionAnswer | undefined): Applied {
  if (answer === undefined || answer.kind !== 'done')
    return {
      kind: 'broken',
      problem: problem('host.answerCut', {}, { host: host.name }),
      captured: new Map(),
      heard: false,
    }
  const { pieces } = answer
  const captured = capturedOf(pieces)
  const has = (name: string): boolean => pieces.some((piece) => piece.name === name)
  const numbered = (word: string): number | null => {
    const match = pieces
      .map(({ name }) => new RegExp(`^${word} (\\d+)`).exec(name))
      .find((found) => found !== null)
    return match?.[1] === undefined ? null : Number(match[1])
  }
  const detail = [
    ...pieces.filter(({ name }) => name.startsWith('output ')).map(({ bytes }) => decode(bytes)),
    answer.stderr,
  ]
    .join('\n')
    .trim()
    .slice(-2000)
  const said = detail === '' ? { host: host.name } : { host: host.name, detail }

  if (has('noDigestTool'))
    return { kind: 'refused', problem: problem('change.noDigestTool', {}, { host: host.name }) }
  const conflict = numbered('conflict')
  if (conflict !== null) return { kind: 'refused', problem: conflictOf(host, part.steps[conflict], pieces) }
  const cannot = numbered('cannot')
  if (cannot !== null)
    return {
      kind: 'refused',
      problem: problem('change.cannotWrite', { path: pathOf(part.steps[cannot]) }, said),
    }
  if (has('applied')) return { kind: 'applied', captured }
  const failed = numbered('failed')
  return {
    kind: 'broken',
    problem: problem('change.stepFailed', { step: (failed ?? 0) + 1 }, said),
    captured,
    heard: true,
  }
}

/** `output N` follows a capture that came to its end; after another nothing was set, so nothing is to be restored. */
function capturedOf(pieces: readonly Piece[]): Captured {
  const names = new Set(pieces.map(({ name }) => name))
  return new Map(
    pieces.flatMap(({ name, bytes }) => {
      const step = /^captured (\d+)$/.exec(name)?.[1]
      return step === undefined || !names.has(`output ${step}`) ? [] : [[Number(step), bytes] as const]
    }),
  )
}

/** Somebody else changed a file meanwhile: what was planned against, and what stands there now. */
function conflictOf(host: ChangeHost, step: Step | undefined, pieces: readonly Piece[]): Problem {
  const path = pathOf(step)
  // What a secret file holds is shown nowhere, and least of all beside an error.
  if (step !== undefined && 'secret' in step && step.secret)
    return problem('change.conflict', { path }, { host: host.name })
  const files = readFiles(pieces)
  const now = [...files.values()][0]
  const before = step !== undefined && 'before' in step && step.kind !== 'daemon' ? step.before.text : ''
  const lines =
    now?.kind === 'file'
      ? diffHunks(before, now.text).flatMap((hunk) => hunk.lines.map(({ kind, text }) => signs[kind] + text))
      : [now?.kind ?? 'missing']
  return problem('change.conflict', { path }, { host: host.name, detail: lines.join('\n').slice(0, 4000) })
}

const signs = { context: ' ', added: '+', removed: '-' } as const

export function pathOf(step: Step | undefined): string {
  if (step === undefined) return ''
  if ('path' in step) return step.path
  return 'from' in step ? step.from : ''
}
