import { fail } from '../../contract/answer'
import type { ProblemCode } from '../../contract/problem'
import { problem } from '../../contract/problem'
import type { SuperserverState } from './state'

export type Refusal = { readonly ok: false; readonly problem: ReturnType<typeof problem> }

export function refuse(
  { host }: SuperserverState,
  code: ProblemCode,
  params: Readonly<Record<string, string | number>> = {},
): Refusal {
  return fail(problem(code, params, { host }))
}

/** Acts on each, up to the first refusal. */
export function each<T>(items: readonly T[], act: (item: T) => Refusal | null): Refusal | null {
  for (const item of items) {
    const refusal = act(item)
    if (refusal !== null) return refusal
  }
  return null
}
