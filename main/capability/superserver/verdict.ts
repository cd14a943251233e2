import type { RunningProcess } from '../../../shared/model/change'
import {
  fileIn,
  judgeRedirect,
  type FailoverProof,
  type SuperserverProof,
  type SuperserverState,
  type SystemdProof,
  type XinetdProof,
  type XinetdState,
} from '../../../shared/model/superserver'
import type { DumpedService } from '../../../shared/probe/xinetd-dump'
import type { ProofMoment, Verdict } from '../capability'

type Note = (holds: boolean, line: string) => void
type Port = XinetdProof['listening'][number]

/** Whether the daemons and the host say what the proof wants, and in what words they say it. */
export function judge(proof: SuperserverProof, state: SuperserverState, moment: ProofMoment): Verdict {
  const evidence: string[] = []
  const missing: string[] = []
  const note: Note = (holds, line) => void (holds ? evidence : missing).push(line)
  const { xinetd, inetd } = state

  for (const { path, digest } of proof.files) {
    const file = fileIn(state, path)
    const found = file?.kind === 'file' ? file.digest : null
    note(found === digest, `${path}: ${found === null ? 'no such file' : `SHA-256 ${short(found)}`}`)
  }
  if (proof.xinetd !== null) {
    const daemon = xinetd?.daemon ?? null
    if (xinetd === null || daemon === null) note(false, 'xinetd does not run')
    else {
      judgeDaemon('xinetd', proof.xinetd.daemon, daemon, moment, note)
      judgeDump(proof.xinetd, xinetd, note)
      // Without ss nothing is known of sockets; a host on which nothing listens could not have been reached.
      if (state.sockets.length > 0) judgePorts('xinetd', proof.xinetd, state, daemon.pid, note)
    }
  }
  if (proof.inetd !== null) {
    const daemon = inetd?.daemon ?? null
    if (daemon === null) note(false, 'inetd does not run')
    else {
      judgeDaemon('inetd', proof.inetd.daemon, daemon, moment, note)
      judgePorts('inetd', proof.inetd, state, daemon.pid, note)
    }
  }
  if (proof.systemd !== null) judgeSockets(proof.systemd, state, note)
  if (proof.failover !== null) judgeFailover(proof.failover, state, note)
  if (proof.control !== null) {
    const { daemon: name, running, notPid } = proof.control
    const daemon = state[name]?.daemon ?? null
    if (daemon === null) note(!running, `${name}: does not run`)
    else
      note(
        running && daemon.pid !== notPid,
        `${name}: pid ${daemon.pid}, started at tick ${daemon.startTime}`,
      )
  }
  if (proof.installed !== undefined) {
    const { build, daemon } = xinetd ?? { build: null, daemon: null }
    note(build !== null, build === null ? 'xinetd is not there' : `xinetd ${build.version} is installed`)
    const runs = daemon === null ? 'does not run' : `pid ${daemon.pid}, started at tick ${daemon.startTime}`
    note(true, `xinetd: ${runs}`)
    if (daemon !== null)
      judgePorts('xinetd', { listening: [], silent: proof.installed.keeps }, state, daemon.pid, note)
  }
  if (proof.boot !== null) {
    const { daemon, on } = proof.boot
    const boot = state.boot[daemon]
    note(boot?.on === on, `${boot?.name ?? daemon}: ${boot?.word ?? 'unknown to init'} at boot`)
  }
  return { holds: missing.length === 0, evidence, missing }
}

function judgeDaemon(
  name: string,
  wanted: RunningProcess,
  found: RunningProcess,
  moment: ProofMoment,
  note: Note,
) {
  const isSame = wanted.pid === found.pid && wanted.startTime === found.startTime
  note(moment === 'restored' || isSame, `${name}: pid ${found.pid}, started at tick ${found.startTime}`)
}

function judgePorts(
  name: string,
  { listening, silent }: Pick<XinetdProof, 'listening' | 'silent'>,
  { sockets }: SuperserverState,
  pid: number,
  note: Note,
): void {
  const held = (port: Port): boolean =>
    sockets.some(
      (socket) =>
        socket.protocol === port.protocol &&
        socket.port === port.port &&
        socket.holders.some((holder) => holder.pid === pid),
    )
  for (const port of listening)
    note(held(port), `${socketName(port)}: ${held(port) ? `held by pid ${pid}` : `not held by ${name}`}`)
  for (const port of silent)
    note(!held(port), `${socketName(port)}: ${held(port) ? `still held by pid ${pid}` : `free of ${name}`}`)
}

/** The first process is systemd itself. A name of a unit alone would be no proof: a drop-in may have it listen elsewhere. */
function judgeSockets({ held, gone }: SystemdProof, state: SuperserverState, note: Note): void {
  for (const { unit, path, ports } of held) {
    const found = state.units.find(({ id }) => id === unit)
    const said =
      found === undefined
        ? 'not loaded'
        : `${found.active ? 'active' : 'not active'}, ${found.fileState}, ${found.path}`
    note(found?.active === true && found.fileState === 'enabled' && found.path === path, `${unit}: ${said}`)
    for (const port of ports) {
      const listens =
        found?.listens.some((one) => one.protocol === port.protocol && one.port === port.port) === true
      note(listens, `${unit}: ${listens ? 'listens' : 'does not listen'} on ${socketName(port)}`)
    }
    judgePorts('systemd', { listening: ports, silent: [] }, state, 1, note)
  }
  for (const unit of gone) {
    const isActive = state.units.some(({ id, active }) => id === unit && active)
    note(!isActive, `${unit}: ${isActive ? 'still active' : 'not active'}`)
  }
}

/** That a round was made says that the script runs there; what earlier ones knew was forgotten when it came. */
function judgeFailover({ name, by, on }: FailoverProof, { failover }: SuperserverState, note: Note): void {
  const watch = failover.watches.find((one) => one.name === name)
  const timer = watch?.timer ?? null
  const report = watch?.report ?? null
  if (by === 'systemd') {
    const said =
      timer === null ? 'not loaded' : `${timer.active ? 'active' : 'not active'}, ${timer.fileState}`
    const isOn = timer?.active === true && timer.fileState === 'enabled'
    note(on ? isOn : timer?.active !== true, `${name}.timer: ${said}`)
  } else if (on) note(failover.cron, failover.cron ? 'cron runs' : 'no cron runs that reads /etc/cron.d')
  if (!on)
    return note(
      report === null,
      `${name}: ${report === null ? 'no rounds are made' : 'rounds are still known'}`,
    )
  const told = report === null ? 'no round was made' : `a round was made at ${report.roundAt}`
  note(
    report !== null && report.trouble === null,
    `${name}: ${told}${report?.trouble === 'file' ? ', but it cannot read the file' : ''}`,
  )
}

function judgeDump(proof: XinetdProof, { dump, lookups }: XinetdState, note: Note): void {
  if (dump === null) return note(false, 'xinetd gave no account of its state')
  if (Object.keys(proof.defaults).length > 0) {
    const differing = differences(proof.defaults, dump.defaults)
    const said = Object.entries(proof.defaults).map(([name, text]) => `${name} = ${text}`)
    note(differing.length === 0, `defaults: ${(differing.length === 0 ? said : differing).join(', ')}`)
  }
  for (const wanted of proof.running) {
    const name = `${wanted.id} ${wanted.protocol ?? '-'}/${wanted.port ?? '-'}`
    const service = dump.services.find(
      ({ id, protocol, port }) => id === wanted.id && protocol === wanted.protocol && port === wanted.port,
    )
    if (service === undefined) note(false, `${name}: not in the dump`)
    else {
      const differing = differences(wanted.attributes, service.attributes)
      const redirect = redirectSaid(wanted.redirect, service.attributes, lookups)
      note(
        service.state === 'Active' && differing.length === 0 && redirect?.holds !== false,
        [`${name}: ${service.state}`, ...differing, ...(redirect === null ? [] : [redirect.text])].join(', '),
      )
    }
  }
  for (const id of proof.absent) {
    const service = dump.services.find((one) => one.id === id)
    note(
      service === undefined,
      service === undefined ? `${id}: not in the dump` : `${id}: still ${service.state}`,
    )
  }
}

function redirectSaid(
  wanted: XinetdProof['running'][number]['redirect'],
  { Redirect: said }: DumpedService['attributes'],
  lookups: XinetdState['lookups'],
): { readonly holds: boolean; readonly text: string } | null {
  if (wanted === null) return null
  const target = `${wanted.host} port ${wanted.port ?? '?'}`
  const verdict = judgeRedirect(wanted, said, lookups)
  const says = { same: 'is', other: 'instead of', unknown: 'as far as can be told is' }[verdict]
  return { holds: verdict !== 'other', text: `Redirect = ${said ?? 'not said'} ${says} ${target}` }
}

function differences(
  wanted: Readonly<Record<string, string>>,
  found: DumpedService['attributes'],
): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    found[name] === value ? [] : [`${name} = ${found[name] ?? 'not said'} instead of ${value}`],
  )
}

const socketName = ({ protocol, port }: Port): string => `${protocol} port ${port}`
const short = (digest: string): string => `${digest.slice(0, 16)}…`
