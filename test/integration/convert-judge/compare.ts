import { inetd } from '../../../shared/lens/inetd'
import type { HostNames } from '../../../shared/model/superserver'
import type { Conversion, InetdContext, Note } from '../../../shared/model/superserver/convert'
import { sourcesOf, toXinetd, wrapsOf } from '../../../shared/model/superserver/convert'
import type { Case } from './cases'
import { commands } from './cases'
import type { Account, Trial, Verdict } from './judge'

export function trialOf(one: Case, names: HostNames): Trial {
  const { dialect, text, asks, chosen = {}, rpcbind = false, options = [] } = one
  const context: InetdContext = {
    dialect,
    path: '/etc/inetd.conf',
    names,
    wraps: wrapsOf(dialect, options),
    libwrap: true,
    daemonDirectory: '/usr/sbin',
    rpc: 'stay',
    families: 'apart',
    defaults: [],
    taken: { files: [], ids: [] },
    ...chosen,
  }
  const conversions = toXinetd(sourcesOf(inetd.parse(text), dialect, 'leave'), context)
  // What is not converted is not asked: nothing is compared there, and a program that cannot run is waited for long.
  const left = conversions.flatMap((conversion) =>
    conversion.kind === 'converted' ? [] : [placeOf(conversion, names)],
  )
  const asked = asks.filter(({ protocol, port }) => !left.includes(`${protocol} ${port}`))
  const file = dialect === 'xinetd' ? [] : ['INETD']
  return {
    text,
    daemon: [...(commands[dialect] ?? []), ...options, ...file],
    conversions,
    asks: asked,
    rpcbind,
    families: context.families,
  }
}

/** What the two do not have in common and the conversion did not say. */
export function disagreements(trial: Trial, { before, after }: Verdict, names: HostNames): readonly string[] {
  const { conversions, asks } = trial
  const left = conversions.flatMap((one) => (one.kind === 'converted' ? [] : [placeOf(one, names)]))
  const isLeft = (socket: string) => left.some((place) => place !== null && socketAt(socket) === place)
  const old = heldBy(before, trial)
  const now = heldBy(after, trial)
  const fresh = now.filter((socket) => !old.includes(socket)).map((socket) => `new: ${socket}`)
  const gone = old
    .filter((socket) => !now.includes(socket) && !isLeft(socket))
    .map((socket) => `gone: ${socket}`)
  // rpcinfo's columns are program, version, protocol, port, name.
  const programs = ({ rpc }: Account) =>
    rpc.map((line) => line.trim().split(/\s+/).slice(0, 3).join(' ')).sort()
  const registered =
    JSON.stringify(programs(before)) === JSON.stringify(programs(after)) ? [] : [...before.rpc, ...after.rpc]
  const said = asks.flatMap((ask, at) => {
    if (isLeft(`${ask.protocol} :${ask.port}`)) return []
    const [was, is] = [before.said[at] ?? '', after.said[at] ?? ''].map((answer) =>
      plain(answer, ask.port, trial),
    )
    return was === is
      ? []
      : [`${ask.protocol} ${ask.address}:${ask.port} from ${ask.source}\n  ${was ?? ''}\n  ${is ?? ''}`]
  })
  return [...fresh, ...gone, ...registered, ...said]
}

/** What listens. With both families together it is one socket where there were two; RPC has any port, and rpcinfo tells. */
function heldBy({ sockets }: Account, { families, rpcbind }: Trial): readonly string[] {
  if (rpcbind) return []
  return families === 'apart'
    ? sockets
    : [...new Set(sockets.map((socket) => socket.replace(/ (?:0\.0\.0\.0|\[::\]):/, ' *:')))]
}

/** Protocol and port of what was not converted; null: no socket of its own. */
function placeOf({ source: { outcome } }: Conversion, names: HostNames): string | null {
  if (outcome.kind === 'refused') return null
  const { service, socketType } = outcome.entry
  const protocol = socketType === 'stream' ? 'tcp' : 'udp'
  const listed = names.services?.find((one) => one.name === service)?.port
  // getaddrinfo(3) keeps 16 bits of a number.
  const port = /^[0-9]+$/.test(service) ? Number(service) % 65536 : listed
  return port === undefined ? null : `${protocol} ${port}`
}

function socketAt(socket: string): string {
  return `${socket.split(' ')[0] ?? ''} ${socket.slice(socket.lastIndexOf(':') + 1)}`
}

/**
 * What a clock says is its own, and where chargen begins. It is the same whether the call ends or is cut off. What
 * the notes of the conversion say is left out of it.
 */
function plain(answer: string, port: number, { families, conversions }: Trial): string {
  if ([13, 19, 37].includes(port)) return String(answer.length > 10)
  const notes = conversions.flatMap((one) =>
    one.kind === 'converted' && new RegExp(`(?:port\\s+= |service )0*${port}\\n`).test(one.text)
      ? one.notes
      : [],
  )
  const isNoted = (code: Note['code']): boolean => notes.some((note) => note.code === code)
  let said = answer.replace(/^(?:refused|ended) /, '')
  if (families === 'together' || isNoted('plainIpv4')) said = said.replace(/family=\d+/, '')
  // GNU's leaves root without any group, and 21 is the listed one with a group of its own.
  if (isNoted('ownGroupKept') || isNoted('groupIgnored') || port === 21)
    said = said.replace(/groups=[0-9,]*/, '')
  return port === 1 ? said.replace('\\x00', '') : said
}
