import type { z } from 'zod'
import type { Answer } from './answer'
import { appMethods } from './app'
import { changeMethods } from './change'
import { historyMethods } from './history'
import { hostMethods } from './host'
import { partMethods } from './part'
import { profileMethods } from './profile'
import { questionMethods } from './question'
import { serviceLogMethods } from './service-log'
import { settingsMethods } from './settings'
import { talkMethods } from './talk'

/** All that the renderer may ask. */
export const methods = {
  ...appMethods,
  ...settingsMethods,
  ...profileMethods,
  ...hostMethods,
  ...partMethods,
  ...questionMethods,
  ...changeMethods,
  ...historyMethods,
  ...talkMethods,
  ...serviceLogMethods,
}

export type Methods = typeof methods
export type MethodName = keyof Methods
export type Params<N extends MethodName> = z.input<Methods[N]['params']>
export type ParsedParams<N extends MethodName> = z.output<Methods[N]['params']>
export type Result<N extends MethodName> = z.output<Methods[N]['result']>

/** The names that one process answers. */
export type MethodsAt<P extends 'app' | 'host'> = {
  [N in MethodName]: Methods[N]['at'] extends P ? N : never
}[MethodName]

export type Handlers<N extends MethodName> = {
  readonly [K in N]: (params: ParsedParams<K>) => Promise<Answer<Result<K>>> | Answer<Result<K>>
}

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name)
}

export * from './answer'
export * from './app'
export * from './change'
export * from './event'
export * from './history'
export * from './host'
export * from './part'
export * from './problem'
export * from './profile'
export * from './question'
export * from './settings'
export * from './stream'
export type { ServiceLog } from './service-log'
export type { Talk, TalkSource } from './talk'
