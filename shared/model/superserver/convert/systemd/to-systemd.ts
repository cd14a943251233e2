import type { XinetdService } from '../../xinetd/resolve'
import { Names } from '../names'
import { accessOf } from './access'
import { lostOf, obstacleOf } from './fate'
import { literal } from './quote'
import { serviceLines } from './service-unit'
import { accepts, socketLines } from './socket-unit'
import type { SystemdContext, SystemdUnits, UnitNote } from './unit'
import { valueOf, valuesOf } from './unit'

/**
 * A service of xinetd, as `resolve` gives it, as a socket unit and a service unit: a template for each connection of a
 * `wait = no` service, and one service for the socket itself otherwise. Each attribute stands in the units or among
 * what is lost. Tested against systemd 252.
 */
export function toSystemd(service: XinetdService, context: SystemdContext): SystemdUnits {
  const enable = service.state === 'enabled'
  const obstacle = obstacleOf(service)
  if (obstacle !== null) {
    const others = lostOf(service).filter(({ attribute }) => attribute !== obstacle.attribute)
    return { units: [], enable, lost: [obstacle, ...others], notes: [] }
  }
  const access = accessOf(service)
  const isAccepting = accepts(service)
  const base = baseName(service.id, context.taken)
  const heading = `# From ${service.path.replace(/[^ -~]/g, '?')}, line ${service.line}`
  const description = `Description=${literal(service.id.replace(/[^ -~]/g, '?'))}, as xinetd ran it`
  const socket = [
    heading,
    '[Unit]',
    description,
    '',
    '[Socket]',
    ...socketLines(service, context.version),
    ...access.lines,
    '',
    '[Install]',
    'WantedBy=sockets.target',
  ]
  const program = [
    heading,
    '[Unit]',
    description,
    // A program that ends soon is started again for the next client, and must not be for want of starts.
    ...(isAccepting ? [] : ['StartLimitIntervalSec=0']),
    '',
    '[Service]',
    ...serviceLines(service),
  ]
  return {
    units: [
      { name: `${base}.socket`, text: textOf(socket) },
      { name: `${base}${isAccepting ? '@' : ''}.service`, text: textOf(program) },
    ],
    enable,
    lost: [...access.lost, ...lostOf(service)],
    notes: notesOf(service, context, access.lines.length > 0),
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

const MOST = 200

/** unit names: letters, digits and `:-_.\` (systemd.unit(5)); no name of a unit that is there. */
function baseName(id: string, taken: readonly string[]): string {
  const safe = id
    .slice(0, MOST)
    .replace(/[^A-Za-z0-9:_.-]+/g, '-')
    .replace(/^[-.]+/, '')
  const bases = taken.map((name) => name.replace(/@?\.(?:socket|service)$/, ''))
  const name = safe === '' ? 'service' : safe
  return new Names(bases).claim(name, `${name}-xinetd`)
}

function notesOf(
  service: XinetdService,
  { version }: SystemdContext,
  hasAccess: boolean,
): readonly UnitNote[] {
  const isLimited = Number(valuesOf(service, 'cps')[0]) !== 0
  const isDatagramEach = valueOf(service, 'wait') === 'no' && valueOf(service, 'socket_type') === 'dgram'
  const dropsGroups = valueOf(service, 'groups') !== 'yes' && valueOf(service, 'user') !== 'root'
  const told: readonly (readonly [UnitNote, boolean])[] = [
    ['packetsDropped', hasAccess],
    [version < 255 ? 'rateStopsForGood' : 'rateRests', isLimited],
    ['managerEnvironment', valuesOf(service, 'passenv').length > 0],
    ['remoteAddress', accepts(service)],
    ['supplementaryGroups', dropsGroups],
    ['oneForAll', isDatagramEach],
  ]
  return told.flatMap(([note, holds]) => (holds ? [note] : []))
}
