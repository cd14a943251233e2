import { profileSchema, type AuthMethod, type Profile } from '../../../shared/contract'

/** A host in the form: as typed, so that half a number can stand there. */
export interface Draft {
  name: string
  address: string
  port: string
  user: string
  auth: AuthMethod[]
  jumps: string[]
  group: string
  tags: string[]
  readOnly: boolean
  legacy: boolean
  keepalive: boolean
}

export type DraftErrors = Readonly<Partial<Record<keyof Draft, string>>>

export function emptyDraft(): Draft {
  return {
    name: '',
    address: '',
    port: '22',
    user: '',
    auth: [],
    jumps: [],
    group: '',
    tags: [],
    readOnly: false,
    legacy: false,
    keepalive: true,
  }
}

export function draftOf(profile: Profile): Draft {
  return {
    name: profile.name,
    address: profile.address,
    port: String(profile.port),
    user: profile.user,
    auth: profile.auth.map((method) => ({ ...method })),
    jumps: [...profile.jumps],
    group: profile.group,
    tags: [...profile.tags],
    readOnly: profile.readOnly,
    legacy: profile.legacy,
    keepalive: profile.keepalive,
  }
}

/** The profile that a draft makes; or, by field, the key of the text that says what is wrong with it. */
export function check(
  id: string,
  draft: Draft,
  others: readonly Profile[],
): { readonly profile: Profile } | { readonly errors: DraftErrors } {
  const errors: Partial<Record<keyof Draft, string>> = {}
  const address = draft.address.trim()
  const name = draft.name.trim() === '' ? address : draft.name.trim()
  if (address === '') errors.address = 'hosts.form.error.addressEmpty'
  else if (/[\s/@]/.test(address)) errors.address = 'hosts.form.error.address'
  else if (address.startsWith('-')) errors.address = 'hosts.form.error.address'
  if (!/^\d+$/.test(draft.port.trim()) || Number(draft.port) < 1 || Number(draft.port) > 65535)
    errors.port = 'hosts.form.error.port'
  if (others.some((other) => other.id !== id && other.name === name))
    errors.name = 'hosts.form.error.nameTaken'
  if (draft.auth.some((method) => method.kind === 'key' && method.path.trim() === ''))
    errors.auth = 'hosts.form.error.keyPath'
  if (draft.jumps.includes(id)) errors.jumps = 'hosts.form.error.jumpSelf'
  if (Object.keys(errors).length > 0) return { errors }

  const parsed = profileSchema.safeParse({
    ...draft,
    id,
    name,
    address,
    port: Number(draft.port),
    user: draft.user.trim(),
    group: draft.group.trim(),
  })
  if (parsed.success) return { profile: parsed.data }
  for (const issue of parsed.error.issues) {
    const [field] = issue.path
    if (isField(field)) errors[field] = 'hosts.form.error.characters'
  }
  return { errors }
}

const fields = Object.keys(emptyDraft())
const isField = (name: unknown): name is keyof Draft => typeof name === 'string' && fields.includes(name)
