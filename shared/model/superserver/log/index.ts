export { connectionsOf } from './connections'
export type { Connection } from './connections'
export { loggingToAdd, silenceOf, unloggedOf } from './logging'
