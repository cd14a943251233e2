import { z } from 'zod'
import { balancerIntentSchema } from './balancer/intent'
import { desktopIntentSchema } from './desktop/intent'
import { superserverIntentSchema } from './superserver/intent'

/** What a user may want to change, over all capabilities. The only thing that is stored for replay. */
export const intentSchema = z.union([superserverIntentSchema, balancerIntentSchema, desktopIntentSchema])
export type Intent = Readonly<z.input<typeof intentSchema>>
