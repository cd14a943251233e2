export { decide } from './decide'
export type { Decision, Place } from './decide'
export type { Endpoint, Need, Request } from './request'
