import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { homeWith, type Known } from '../../test/e2e/user'
import type { Practice } from '../../test/lab/practice/practice'

/**
 * A user's home for the demo: every practice host has a profile.
 * @param keys `unknown`: harbor's host key is met for the first time, as the tour shows
 */
export function demoHome(practice: Practice, keys: 'known' | 'unknown'): string {
  const known = (name: Parameters<Practice['host']>[0], more: Partial<Known> = {}): Known => {
    const { address, hostKeys } = practice.host(name)
    return { name, address, hostKeys, ...more }
  }
  const harbor = known('harbor', { user: 'admin', group: 'Harbour', tags: ['xinetd'] })
  const home = homeWith(practice.lab, [
    harbor,
    { ...harbor, name: 'harbor (desk)', user: 'desk', tags: ['vnc'] },
    known('director', { group: 'Web', tags: ['ipvs'] }),
    known('web1', { group: 'Web', user: 'admin', jumps: ['director'] }),
    known('web2', { group: 'Web', user: 'admin', jumps: ['director'] }),
    known('jump1', { group: 'Way in', user: 'admin' }),
    known('jump2', { group: 'Way in', user: 'admin' }),
    known('jump3', { group: 'Way in', user: 'admin' }),
  ])
  if (keys === 'unknown') {
    const others = (['director', 'web1', 'web2', 'jump1', 'jump2', 'jump3'] as const).flatMap((name) => {
      const { address, hostKeys } = practice.host(name)
      return hostKeys.map((key) => `${address} ${key}\n`)
    })
    writeFileSync(path.join(home, '.ssh', 'known_hosts'), others.join(''))
  }
  return home
}
