import { z } from 'zod'

const port = z.object({ protocol: z.enum(['tcp', 'udp']), port: z.number().int() })
/** The process that must still be the daemon after a reload. */
const daemon = z.object({ pid: z.number().int(), startTime: z.string() })

const xinetdProofSchema = z.object({
  daemon,
  /** Lines of the dump's `defaults` that must say this, by the words of the dump. */
  defaults: z.record(z.string(), z.string()).default({}),
  /** Services that the daemon's dump must name as Active, made after the reload. */
  running: z.array(
    z.object({
      id: z.string(),
      protocol: z.string().nullable(),
      port: z.number().int().nullable(),
      /** Lines of the dump's service configuration that must say this, by the words of the dump. */
      attributes: z.record(z.string(), z.string()),
      /** Where it must redirect to; null: nowhere, or it is not asked. */
      redirect: z.object({ host: z.string(), port: z.number().int().nullable() }).nullable().default(null),
    }),
  ),
  /** Ids that must not be in the dump. */
  absent: z.array(z.string()),
  /** Ports on which the daemon itself must listen, and on which it must not. */
  listening: z.array(port),
  silent: z.array(port),
})
export type XinetdProof = z.infer<typeof xinetdProofSchema>

/** inetd tells nothing of itself: the kernel says which ports it holds. */
const inetdProofSchema = z.object({ daemon, listening: z.array(port), silent: z.array(port) })
export type InetdProof = z.infer<typeof inetdProofSchema>

/** systemd's sockets; which process holds a port is told by the kernel. */
const systemdProofSchema = z.object({
  /** Sockets that listen, are enabled, are of this very file, and of whose ports the first process is the holder. */
  held: z.array(z.object({ unit: z.string(), path: z.string(), ports: z.array(port) })),
  /** Sockets that must not listen. */
  gone: z.array(z.string()),
})
export type SystemdProof = z.infer<typeof systemdProofSchema>

/** A redirection that changes by itself: its timer runs and a round was made, or there is no trace of them. */
const failoverProofSchema = z.object({ name: z.string(), by: z.enum(['systemd', 'cron']), on: z.boolean() })
export type FailoverProof = z.infer<typeof failoverProofSchema>

/** What must hold after a change of the super-server; main/capability/superserver reads it back from the host. */
export const superserverProofSchema = z.object({
  /** Bytes that must stand in the files; null: there must be no such file. A script that they name is read by nobody. */
  files: z.array(z.object({ path: z.string(), digest: z.string().nullable() })),
  /** null: it does not run, or is not touched, and nothing more is asked. */
  xinetd: xinetdProofSchema.nullable(),
  inetd: inetdProofSchema.nullable(),
  /** null: no unit is touched. */
  systemd: systemdProofSchema.nullable().default(null),
  /** null: not asked. */
  failover: failoverProofSchema.nullable().default(null),
  /** Whether the daemon runs, and as another process than the one of that number; null: not asked. */
  control: z
    .object({
      daemon: z.enum(['xinetd', 'inetd']),
      running: z.boolean(),
      notPid: z.number().int().nullable(),
    })
    .nullable()
    .default(null),
  /** Whether the host's init starts it; null: not asked. */
  boot: z
    .object({ daemon: z.enum(['xinetd', 'inetd']), on: z.boolean() })
    .nullable()
    .default(null),
  /** xinetd must be there, whether it runs or not, and hold none of these ports; absent: not asked. */
  installed: z.object({ keeps: z.array(port) }).optional(),
})
export type SuperserverProof = z.infer<typeof superserverProofSchema>
