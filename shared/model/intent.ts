import { z } from 'zod'

/** What a user may want to change, over all capabilities. The only thing that is stored for replay. */
export const intentSchema = z.object({ capability: z.string() }).loose()
export type Intent = Readonly<z.infer<typeof intentSchema>>
