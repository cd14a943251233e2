import { z } from 'zod'
import { isEncodable } from '../../codec'
import { isAttributeName, isWord } from '../../lens/xinetd'

/** Names a service block of a file: its path, its id, and which of the file's blocks with this id it is. */
const serviceRef = z.object({
  path: z.string().min(1).max(4096),
  id: z.string().min(1).max(1024),
  occurrence: z.number().int().min(0).max(10_000).default(0),
})
export type ServiceRef = z.infer<typeof serviceRef>

/** Names a `defaults` of a file. Where a file has none yet, it gets one before everything else. */
const defaultsRef = serviceRef.pick({ path: true, occurrence: true })
export type DefaultsRef = z.infer<typeof defaultsRef>

/** Names an entry of inetd.conf: its line, from 1, and what stands in it. */
const entryRef = z.object({
  path: z.string().min(1).max(4096),
  line: z.number().int().min(1),
  text: z.string().max(1_000_000),
})
export type EntryRef = z.infer<typeof entryRef>

const word = z
  .string()
  .max(4096)
  .refine((text) => isWord(text) && isEncodable(text))

const commentLines = z
  .array(
    z
      .string()
      .max(4096)
      .refine((text) => !/[\n\0]/.test(text) && isEncodable(text)),
  )
  .max(200)

const absolute = z
  .string()
  .max(4096)
  .refine((path) => /^\/[^\0]*[^/\0]$/.test(path) && isEncodable(path))

const assignment = z.object({ operator: z.enum(['=', '+=', '-=']), values: z.array(word).max(1000) })

/** null: inherit again. A list of words: one `=` line. Assignments: exactly these lines. */
const attributeValue = z.union([z.null(), z.array(word).max(1000), z.array(assignment).max(100)])
export type AttributeValue = z.infer<typeof attributeValue>

/** One `=` line each. */
const ownAttributes = z.record(z.string().max(64).refine(isAttributeName), z.array(word).max(1000))
/** What a block shall say: a service's, or `defaults`. */
const blockEdit = {
  set: z.record(z.string().max(64).refine(isAttributeName), attributeValue),
  /** The comment right above it; absent: as it is. */
  comment: commentLines.optional(),
}

/** A word of inetd.conf; what its dialect cannot hold, the lens refuses. */
const column = z.string().min(1).max(4096).refine(isEncodable)

const editedText = z.object({
  /** Of the text that was edited: whoever changed it meanwhile keeps his words. null: there was no such file. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  text: z.string().max(4_000_000).refine(isEncodable),
})

/** An entry of /etc/services; what the format cannot hold, the lens refuses. */
const portName = z.object({
  name: column,
  port: z.number().int().min(0).max(65_535),
  protocol: column,
  aliases: z.array(column).max(100),
  comment: z.string().max(4096).refine(isEncodable).nullable(),
})
export type PortName = z.infer<typeof portName>

/** Names an entry of /etc/services: its line, from 1, and what stands in it. */
const portNameRef = entryRef.omit({ path: true })

const bulk = {
  services: z.array(serviceRef).max(1000).default([]),
  entries: z.array(entryRef).max(1000).default([]),
}

const common = { capability: z.literal('superserver'), reason: z.string().max(1000).default('') }

/** What a user may want of the super-server. */
export const superserverIntentSchema = z.discriminatedUnion('kind', [
  z.object({ ...common, ...blockEdit, kind: z.literal('editService'), service: serviceRef }),
  z.object({ ...common, ...blockEdit, kind: z.literal('editDefaults'), defaults: defaultsRef }),
  z.object({ ...common, ...bulk, kind: z.literal('enableServices') }),
  z.object({ ...common, ...bulk, kind: z.literal('disableServices') }),
  z.object({
    ...common,
    kind: z.literal('editEntry'),
    entry: entryRef,
    set: z
      .object({
        service: column,
        socketType: column,
        protocol: column,
        wait: column,
        user: column,
        program: column,
      })
      .partial(),
    /** The program's arguments, its own name first; absent: as they are. */
    argv: z.array(column).max(100).optional(),
  }),
  z.object({
    ...common,
    kind: z.literal('addEntry'),
    path: z.string().min(1).max(4096),
    /** Service, socket type, protocol, wait, user, program and its arguments. */
    words: z.array(column).min(6).max(110),
  }),
  z.object({ ...common, kind: z.literal('removeEntry'), entry: entryRef }),
  z.object({
    ...common,
    kind: z.literal('convertEntries'),
    entries: z.array(entryRef).min(1).max(1000),
    /** What becomes of them in inetd.conf. */
    how: z.enum(['disable', 'remove']).default('disable'),
  }),
  z.object({
    ...common,
    kind: z.literal('convertServices'),
    services: z.array(serviceRef).min(1).max(1000),
  }),
  /** The redirection leads elsewhere by itself when its target does not answer. */
  z.object({
    ...common,
    kind: z.literal('watchRedirect'),
    service: serviceRef,
    everySeconds: z.number().int().min(1).max(60),
    /** Rounds without an answer before it is left; rounds with one before an earlier candidate is taken again. */
    fall: z.number().int().min(1).max(100),
    rise: z.union([z.number().int().min(1).max(1000), z.literal('stay')]),
  }),
  z.object({ ...common, kind: z.literal('unwatchRedirect'), service: serviceRef }),
  z.object({
    ...common,
    kind: z.literal('createService'),
    /** Of the file that it gets, in a directory that xinetd includes. */
    path: absolute,
    name: word,
    set: ownAttributes,
    /** The same service elsewhere, each in a block of its own and with an id of its own. */
    also: z.array(ownAttributes).max(100).default([]),
    comment: commentLines.optional(),
    /** What it runs, if that is new too: a file of root's that all may execute. */
    script: z.object({ path: absolute, text: z.string().max(1_000_000).refine(isEncodable) }).optional(),
  }),
  z.object({ ...common, kind: z.literal('deleteService'), service: serviceRef }),
  z.object({
    ...common,
    kind: z.literal('copyService'),
    service: serviceRef,
    name: word,
    path: absolute,
    /** What is to be another's: its port, its address. */
    set: ownAttributes.default({}),
  }),
  z.object({
    ...common,
    kind: z.literal('renameService'),
    service: serviceRef,
    name: word,
    /** Of its file from then on; the same: it stays where it is. */
    path: absolute,
  }),
  z.object({ ...common, kind: z.literal('moveService'), service: serviceRef, path: absolute }),
  z.object({
    ...common,
    kind: z.literal('control'),
    daemon: z.enum(['xinetd', 'inetd']),
    action: z.enum(['start', 'stop', 'restart', 'reload']),
  }),
  /** xinetd, by the host's package manager. */
  z.object({ ...common, kind: z.literal('install') }),
  /** Whether the host's init starts the daemon; nothing that runs is touched. */
  z.object({ ...common, kind: z.literal('boot'), daemon: z.enum(['xinetd', 'inetd']), on: z.boolean() }),
  z.object({ ...common, kind: z.literal('addPortName'), entry: portName }),
  z.object({ ...common, kind: z.literal('changePortName'), name: portNameRef, entry: portName }),
  z.object({ ...common, kind: z.literal('removePortName'), name: portNameRef }),
  z.object({
    ...common,
    kind: z.literal('editWrappers'),
    /** What the files shall hold; absent: as they are. */
    allow: editedText.optional(),
    deny: editedText.optional(),
  }),
  z.object({ ...common, kind: z.literal('fixLineEnds'), path: z.string().min(1).max(4096) }),
  z.object({
    ...common,
    ...editedText.shape,
    kind: z.literal('editText'),
    path: z.string().min(1).max(4096),
  }),
])
export type SuperserverIntent = z.infer<typeof superserverIntentSchema>
