import { createHash } from 'node:crypto'
import {
  profileSchema,
  type ConfigProposals,
  type Profile,
  type ProfileProposal,
} from '../../shared/contract/profile'
import { optionNote, type SshConfig } from '../ssh'

/** Of the damaged lines as many as a person reads. */
const maxDamaged = 100

/**
 * A profile for each host that ~/.ssh/config names, and for each jump host that one of them needs. What the
 * configuration says of signing in stays there: the profile names its alias.
 * @param known profiles that are there; one with the same alias or the same name is said to exist
 */
export function proposalsOf(config: SshConfig, known: readonly Profile[]): ConfigProposals {
  const proposals = new Map<string, ProfileProposal>()
  const propose = (
    alias: string,
    given: { readonly user: string | null; readonly port: number | null },
  ): string => {
    const id = idOf(alias, given)
    if (proposals.has(id)) return id
    const said = config.resolve(alias)
    const plain = given.user === null && given.port === null
    const candidate = {
      id,
      name: plain
        ? alias
        : [
            given.user === null ? '' : `${given.user}@`,
            alias,
            given.port === null ? '' : `:${given.port}`,
          ].join(''),
      address: said.address,
      port: given.port ?? said.port,
      user: given.user ?? said.user,
      auth: [],
      jumps: [] as string[],
      group: '',
      tags: [],
      readOnly: false,
      legacy: false,
      keepalive: said.keepalive,
      alias,
    }
    const exists = known.some((one) => one.id === id || (one.alias ?? one.name) === alias)
    const parsed = profileSchema.safeParse(candidate)
    if (!parsed.success) return id
    const notes = said.unsupported.filter(({ when }) => when === 'told').map(optionNote)
    // Taken before its jumps are looked at: a host that leads back to itself ends here.
    proposals.set(id, { profile: parsed.data, notes, exists })
    const jumps = said.jumps.map((jump) => propose(jump.host, jump)).filter((jump) => proposals.has(jump))
    proposals.set(id, { profile: { ...parsed.data, jumps }, notes, exists })
    return id
  }
  for (const name of config.names) propose(name, { user: null, port: null })
  return { proposals: [...proposals.values()], damaged: config.damaged.slice(0, maxDamaged) }
}

/** The same for the same words, so that taking a proposal twice makes one profile. */
function idOf(alias: string, given: { readonly user: string | null; readonly port: number | null }): string {
  return `ssh-${createHash('sha256')
    .update(JSON.stringify([alias, given.user, given.port]))
    .digest('hex')
    .slice(0, 24)}`
}
