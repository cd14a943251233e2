import { decode } from '../../../shared/codec'
import { ok, type Answer } from '../../../shared/contract/answer'
import { problem } from '../../../shared/contract/problem'
import {
  readTable,
  type Availability,
  type BalancerState,
  type TableOwner,
} from '../../../shared/model/balancer'
import type { PartContext, PartSource } from '../../host/part-source'
import type { Section } from '../../host/script'
import type { SectionAnswer } from '../../host/script-answer'

/*
 * Only a table that is there is read: ipvsadm as root would load ip_vs into the kernel, and a look must change
 * nothing. Each listing knows something that the others leave out.
 */
export const tableSection: Section = {
  name: 'ipvs',
  seconds: 10,
  body: `wm_piece availability
if ! command -v ipvsadm >/dev/null 2>&1; then echo noTool; exit 0; fi
if [ ! -e /proc/net/ip_vs ]; then echo noKernel; exit 0; fi
if [ "$(id -u)" != 0 ]; then echo noPrivilege; exit 0; fi
echo ready
wm_piece version
ipvsadm --version 2>/dev/null | head -n 1
wm_piece listing
ipvsadm -Ln
wm_piece thresholds
ipvsadm -Ln --thresholds
wm_piece totals
ipvsadm -Ln --stats --exact
wm_piece saved
ipvsadm -Sn
wm_piece timeouts
ipvsadm -L --timeout
`,
}

/*
 * keepalived owns the table when its checker has virtual servers: it was not started for VRRP alone (-P, --vrrp),
 * and its configuration or a file that it includes names one. What cannot be read counts as owned.
 */
const ownerSection: Section = {
  name: 'owner',
  seconds: 5,
  body: `wm_piece keepalived
for wm_pidfile in /run/keepalived.pid /var/run/keepalived.pid; do
  [ -r "$wm_pidfile" ] || continue
  IFS= read -r wm_pid <"$wm_pidfile" || [ -n "$wm_pid" ] || continue
  case $wm_pid in ''|*[!0-9]*) continue ;; esac
  [ -r "/proc/$wm_pid/cmdline" ] || continue
  wm_args=$(tr '\\0' '\\n' <"/proc/$wm_pid/cmdline")
  case $wm_args in *keepalived*) ;; *) continue ;; esac
  wm_conf=/etc/keepalived/keepalived.conf wm_next= wm_vrrp=
  for wm_arg in $wm_args; do
    if [ -n "$wm_next" ]; then wm_conf=$wm_arg wm_next=; continue; fi
    case $wm_arg in
      -f|--use-file) wm_next=1 ;;
      --use-file=*) wm_conf=\${wm_arg#*=} ;;
      -f?*) wm_conf=\${wm_arg#-f} ;;
      -P|--vrrp) wm_vrrp=1 ;;
    esac
  done
  [ -z "$wm_vrrp" ] || continue
  wm_dir=\${wm_conf%/*}
  if [ ! -r "$wm_conf" ]; then
    printf '%s %s\\n' "$wm_pid" "$wm_conf"
    break
  fi
  wm_all=$wm_conf
  for wm_inc in $(sed -n 's/^[[:space:]]*include[a-z]*[[:space:]][[:space:]]*//p' "$wm_conf"); do
    case $wm_inc in /*) ;; *) wm_inc=$wm_dir/$wm_inc ;; esac
    wm_all="$wm_all $wm_inc"
  done
  if grep -qs '^[[:space:]]*virtual_server[[:space:]]' $wm_all; then
    printf '%s %s\\n' "$wm_pid" "$wm_conf"
    break
  fi
done
wm_piece kube
for wm_comm in /proc/[0-9]*/comm; do
  IFS= read -r wm_name <"$wm_comm" 2>/dev/null || continue
  [ "$wm_name" = kube-proxy ] || continue
  wm_pid=\${wm_comm#/proc/}
  echo "\${wm_pid%/comm}"
  break
done
if [ -e /sys/class/net/kube-ipvs0 ]; then echo kube-ipvs0; fi
exit 0
`,
}

export const balancerPart: PartSource<BalancerState> = {
  name: 'balancer',
  need: 'try',
  sections: [tableSection, ownerSection],
  refreshMs: 3000,
  parse: parseState,
}

function parseState(answers: readonly SectionAnswer[], { host }: PartContext): Answer<BalancerState> {
  const [table, owner] = answers
  if (table?.kind === 'late')
    return { ok: false, problem: problem('balancer.late', { seconds: table.seconds }) }
  const text = piecesOf(table)
  return ok({
    host,
    ipvs: availabilityOf(text('availability').trim()),
    version: /v(\d[\d.]*)/.exec(text('version'))?.[1] ?? null,
    services: tableOf(table),
    owner: ownerOf(piecesOf(owner)),
    saved: text('saved'),
    timeouts: timeoutsOf(text('timeouts')),
  })
}

/** The virtual services that `tableSection` found. */
export function tableOf(answer: SectionAnswer | undefined) {
  const text = piecesOf(answer)
  return readTable({
    listing: text('listing'),
    thresholds: text('thresholds'),
    totals: text('totals'),
    saved: text('saved'),
  })
}

/** Whether ipvsadm told its table to the end; `ipvsadm -Ln` begins with its name even when nothing is in it. */
export function wasRead(answer: SectionAnswer | undefined): boolean {
  const text = piecesOf(answer)
  return (
    answer?.kind === 'done' &&
    availabilityOf(text('availability').trim()) === 'ready' &&
    text('listing').startsWith('IP Virtual Server')
  )
}

function piecesOf(answer: SectionAnswer | undefined): (name: string) => string {
  const pieces = answer === undefined || answer.kind === 'missing' ? [] : answer.pieces
  return (name) => {
    const piece = pieces.find((other) => other.name === name)
    return piece === undefined ? '' : decode(piece.bytes)
  }
}

function availabilityOf(word: string): Availability {
  return word === 'ready' || word === 'noTool' || word === 'noPrivilege' ? word : 'noKernel'
}

function ownerOf(text: (name: string) => string): TableOwner | null {
  const keepalived = /^(\d+) (.*)$/m.exec(text('keepalived'))
  if (keepalived !== null)
    return { kind: 'keepalived', pid: Number(keepalived[1]), configuration: keepalived[2] ?? '' }
  const kube = text('kube').trim()
  if (kube === '') return null
  const pid = /^\d+/.exec(kube)?.[0]
  return { kind: 'kubeProxy', pid: pid === undefined ? null : Number(pid) }
}

/** `Timeout (tcp tcpfin udp): 900 120 300` */
function timeoutsOf(text: string): BalancerState['timeouts'] {
  const match = /Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)/.exec(text)
  return match === null ? null : { tcp: Number(match[1]), tcpfin: Number(match[2]), udp: Number(match[3]) }
}
