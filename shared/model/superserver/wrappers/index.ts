export { decide } from './decide'
export type { Decision, Place } from './decide'
export { decideBy } from './own-way'
export type { Endpoint, Need, Request } from './request'
