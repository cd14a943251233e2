import { z } from 'zod'

/** One thing that the renderer may ask. `at` says which process answers. */
export interface Method<
  P extends z.ZodType = z.ZodType,
  R = unknown,
  A extends 'app' | 'host' = 'app' | 'host',
> {
  readonly at: A
  readonly params: P
  /** Carries the result's type only: results come from our own process and are not parsed again. */
  readonly result: z.ZodType<R>
}

/** A result's type. The value is made by our own process, so nothing is checked at run time. */
export const value = <T>(): z.ZodType<T> => z.custom<T>()

export const atApp = <P extends z.ZodType, R>(params: P, result: z.ZodType<R>): Method<P, R, 'app'> => ({
  at: 'app',
  params,
  result,
})

export const atHost = <P extends z.ZodType, R>(params: P, result: z.ZodType<R>): Method<P, R, 'host'> => ({
  at: 'host',
  params,
  result,
})

export const nothing = z.object({}).strict()
