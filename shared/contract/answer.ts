import type { Problem } from './problem'

/** What every call of the contract answers: never a rejected promise, never a stack trace. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

export const ok = <T>(value: T): Answer<T> => ({ ok: true, value })

export const fail = (problem: Problem): { readonly ok: false; readonly problem: Problem } => ({
  ok: false,
  problem,
})
