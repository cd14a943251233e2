import { z } from 'zod'

const common = { capability: z.literal('desktop'), reason: z.string().max(1000).default('') }

/** What a user may want of the remote desktops. */
export const desktopIntentSchema = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('start'),
    /** null: the lowest that is free. */
    display: z.number().int().min(1).max(99).nullable(),
    /** Pixels; Xvnc takes up to 32768, a viewer's canvas less. */
    width: z.number().int().min(320).max(16384),
    height: z.number().int().min(200).max(16384),
    /** Bits of a pixel. noVNC shows no 8-bit colour. */
    depth: z.union([z.literal(16), z.literal(24)]),
    /**
     * private: a Unix socket of the login alone, no password, no port. password: port 5900+N of the host itself,
     * with a VNC password. auto: private where the server can do it.
     */
    access: z.enum(['auto', 'private', 'password']).default('auto'),
  }),
  z.object({
    ...common,
    kind: z.literal('stop'),
    display: z.number().int().min(0).max(9999),
    /** The process that was shown, so that no other desktop of the same number is stopped. */
    process: z.object({ pid: z.number().int().min(2), startTime: z.string().regex(/^\d{1,20}$/) }),
  }),
])
export type DesktopIntent = z.infer<typeof desktopIntentSchema>
export type StartIntent = Extract<DesktopIntent, { kind: 'start' }>
export type StopIntent = Extract<DesktopIntent, { kind: 'stop' }>
