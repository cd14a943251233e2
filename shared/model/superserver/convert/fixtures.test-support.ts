import type { Dialect } from '../../../lens/inetd'
import { inetd } from '../../../lens/inetd'
import { names } from '../fixtures.test-support'
import type { Conversion, InetdContext } from './conversion'
import { sourcesOf } from './sources'
import { toXinetd } from './to-xinetd'
import { wrapsOf } from './wraps'

export function contextOf(dialect: Dialect, chosen: Partial<InetdContext> = {}): InetdContext {
  return {
    dialect,
    path: '/etc/inetd.conf',
    names: { ...names, rpc: ['rstatd'], programs: {} },
    wraps: wrapsOf(dialect, []),
    libwrap: true,
    daemonDirectory: '/usr/sbin',
    rpc: 'convert',
    families: 'together',
    defaults: [],
    taken: { files: [], ids: [] },
    ...chosen,
  }
}

export function converted(
  text: string,
  dialect: Dialect = 'openbsd',
  chosen: Partial<InetdContext> = {},
): readonly Conversion[] {
  return toXinetd(sourcesOf(inetd.parse(text), dialect, 'keep'), contextOf(dialect, chosen))
}
