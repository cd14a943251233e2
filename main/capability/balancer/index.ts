import type { Capability } from '../capability'
import { balancerChange } from './change'
import { balancerPart } from './gather'

/** The load balancer of the kernel, IPVS: read by ipvsadm, changed by it, proved by its table. */
export const balancer: Capability = { name: 'balancer', part: balancerPart, change: balancerChange }
