import { decode } from '../../../shared/codec'
import { fail, ok } from '../../../shared/contract/answer'
import { readFacts, type HostFacts } from '../../../shared/model/facts'
import { partProblem } from '../../host/part-problem'
import type { PartSource } from '../../host/part-source'
import type { Capability } from '../capability'
import { factsSections } from './sections'

const factsPart: PartSource<HostFacts> = {
  name: 'facts',
  need: 'none',
  sections: factsSections,
  refreshMs: 15_000,
  parse(answers, { host }) {
    const [quick] = answers
    if (quick?.kind !== 'done') return fail(partProblem(quick))
    // A file system that hangs costs its own figure, and nothing else.
    const pieces = answers.flatMap((answer) => (answer.kind === 'done' ? answer.pieces : []))
    return ok(readFacts(host, new Map(pieces.map(({ name, bytes }) => [name, decode(bytes)]))))
  },
}

export const facts: Capability = { name: 'facts', part: factsPart }
