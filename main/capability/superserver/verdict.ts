import type { RunningProcess } from '../../../shared/model/change'
import type { SuperserverProof, SuperserverState, XinetdState } from '../../../shared/model/superserver'
import type { DumpedService } from '../../../shared/probe/xinetd-dump'
import type { ProofMoment, Verdict } from '../capability'

type Port = SuperserverProof['listening'][number]

/** Whether the daemon and the host say what the proof wants, and in what words they say it. */
export function judge(proof: SuperserverProof, state: SuperserverState, moment: ProofMoment): Verdict {
  const evidence: string[] = []
  const missing: string[] = []
  const note = (holds: boolean, line: string) => void (holds ? evidence : missing).push(line)
  const { xinetd } = state

  for (const { path, digest } of proof.files) {
    const file = xinetd?.files[path]
    const found = file?.kind === 'file' ? file.digest : (file?.kind ?? 'not read')
    note(found === digest, `${path}: SHA-256 ${short(found)}`)
  }
  if (proof.daemon === null) return { holds: missing.length === 0, evidence, missing }
  const daemon = xinetd?.daemon ?? null
  if (xinetd === null || daemon === null)
    return { holds: false, evidence, missing: [...missing, 'xinetd does not run'] }

  note(
    moment === 'restored' || same(proof.daemon, daemon),
    `xinetd: pid ${daemon.pid}, started at tick ${daemon.startTime}`,
  )
  judgeDump(proof, xinetd, note)
  // Without ss nothing is known of sockets; a host on which nothing listens could not have been reached.
  if (state.sockets.length > 0) {
    const held = (port: Port): boolean =>
      state.sockets.some(
        (socket) =>
          socket.protocol === port.protocol &&
          socket.port === port.port &&
          socket.holders.some(({ pid }) => pid === daemon.pid),
      )
    for (const port of proof.listening)
      note(
        held(port),
        `${socketName(port)}: ${held(port) ? `held by pid ${daemon.pid}` : 'not held by xinetd'}`,
      )
    for (const port of proof.silent)
      note(
        !held(port),
        `${socketName(port)}: ${held(port) ? `still held by pid ${daemon.pid}` : 'free of xinetd'}`,
      )
  }
  return { holds: missing.length === 0, evidence, missing }
}

function judgeDump(
  proof: SuperserverProof,
  { dump }: XinetdState,
  note: (holds: boolean, line: string) => void,
): void {
  if (dump === null) return note(false, 'xinetd gave no account of its state')
  for (const wanted of proof.running) {
    const name = `${wanted.id} ${wanted.protocol ?? '-'}/${wanted.port ?? '-'}`
    const service = dump.services.find(
      ({ id, protocol, port }) => id === wanted.id && protocol === wanted.protocol && port === wanted.port,
    )
    if (service === undefined) note(false, `${name}: not in the dump`)
    else {
      const differing = differences(wanted.attributes, service)
      note(
        service.state === 'Active' && differing.length === 0,
        [`${name}: ${service.state}`, ...differing].join(', '),
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

function differences(wanted: Readonly<Record<string, string>>, service: DumpedService): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    service.attributes[name] === value
      ? []
      : [`${name} = ${service.attributes[name] ?? 'not said'} instead of ${value}`],
  )
}

const same = (wanted: RunningProcess, found: RunningProcess): boolean =>
  wanted.pid === found.pid && wanted.startTime === found.startTime
const socketName = ({ protocol, port }: Port): string => `${protocol} port ${port}`
const short = (digest: string): string => (/^[0-9a-f]{64}$/.test(digest) ? `${digest.slice(0, 16)}…` : digest)
