import { describe, expect, it } from 'vitest'
import type { Profile } from '../../shared/contract'
import { hostLines, noFilter, type HostLine } from './host-list'

const profile = (name: string, more: Partial<Profile> = {}): Profile => ({
  id: name,
  name,
  address: `${name}.example`,
  port: 22,
  user: 'admin',
  auth: [],
  jumps: [],
  group: '',
  tags: [],
  readOnly: false,
  legacy: false,
  keepalive: true,
  ...more,
})

const hosts = [
  profile('web10', { group: 'shop', tags: ['web', 'prod'] }),
  profile('web2', { group: 'shop', tags: ['web'] }),
  profile('harbor'),
  profile('db', { group: 'Backend', user: 'postgres', tags: ['prod'] }),
]
const closed = () => 'closed' as const
const draw = (lines: readonly HostLine[]) =>
  lines.map((line) => (line.kind === 'group' ? `[${line.name} ${String(line.count)}]` : line.profile.name))

describe('hostLines', () => {
  it('puts hosts without a group first, then groups, names in the order people count', () => {
    expect(draw(hostLines(hosts, closed, noFilter, new Set()))).toEqual([
      'harbor',
      '[Backend 1]',
      'db',
      '[shop 2]',
      'web2',
      'web10',
    ])
  })

  it('hides the hosts of a closed group, but not from a search', () => {
    expect(draw(hostLines(hosts, closed, noFilter, new Set(['shop'])))).not.toContain('web2')
    expect(draw(hostLines(hosts, closed, { ...noFilter, text: 'web2' }, new Set(['shop'])))).toEqual([
      '[shop 1]',
      'web2',
    ])
  })

  it('finds by all words, in any field, and by tag', () => {
    const find = (text: string) =>
      draw(hostLines(hosts, closed, { ...noFilter, text }, new Set())).filter((name) => !name.startsWith('['))
    expect(find('POSTGRES')).toEqual(['db'])
    expect(find('shop 10')).toEqual(['web10'])
    expect(find('#prod')).toEqual(['db', 'web10'])
    expect(find('#prod web')).toEqual(['web10'])
    expect(find('nothing')).toEqual([])
  })

  it('keeps to tags and to connected hosts', () => {
    const stateOf = (id: string) => (id === 'db' ? ('up' as const) : ('closed' as const))
    const only = { ...noFilter, connectedOnly: true }
    expect(draw(hostLines(hosts, stateOf, only, new Set()))).toEqual(['[Backend 1]', 'db'])
    expect(draw(hostLines(hosts, closed, { ...noFilter, tags: ['web', 'prod'] }, new Set()))).toEqual([
      '[shop 1]',
      'web10',
    ])
  })
})
