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
 * The table belongs to a network namespace, so its owner is a process in ours. keepalived owns it when its checker
 * has virtual servers: it was not started for VRRP alone (-P, --vrrp), and its configuration or a file that it
 * includes names one. What cannot be read counts as owned.
 */
const ownerSection: Section = {
  name: 'owner',
  seconds: 5,
  body: `wm_keepalived= wm_kube=
wm_net=$(readlink /proc/self/ns/net)
for wm_comm in /proc/[0-9]*/comm; do
  IFS= read -r wm_name <"$wm_comm" || continue
  case $wm_name in keepalived*|kube-proxy) ;; *) continue ;; esac
  wm_dir=\${wm_comm%/comm}
  [ "$(readlink "$wm_dir/ns/net")" = "$wm_net" ] || continue
  if [ "$wm_name" = kube-proxy ]; then wm_kube=\${wm_dir#/proc/}; continue; fi
  # Its checker and its VRRP process are children with the same arguments.
  wm_parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$wm_dir/status")
  IFS= read -r wm_name <"/proc/$wm_parent/comm" || wm_name=
  case $wm_name in keepalived*) continue ;; esac
  wm_keepalived="$wm_keepalived \${wm_dir#/proc/}"
done 2>/dev/null
wm_names_one() {
  wm_left=$1 wm_all=
  while [ -n "$wm_left" ]; do
    set -- $wm_left
    wm_file=$1
    shift
    wm_left=$*
    case " $wm_all " in *" $wm_file "*) continue ;; esac
    wm_all="$wm_all $wm_file"
    [ -f "$wm_file" ] || continue
    [ -r "$wm_file" ] || return 0
    if grep -q '^[[:space:]]*\\(@[^[:space:]]*[[:space:]]*\\)\\{0,1\\}virtual_server[[:space:]]' "$wm_file"; then return 0; fi
    for wm_inc in $(sed -n 's/^[[:space:]]*include[a-z]*[[:space:]][[:space:]]*//p' "$wm_file"); do
      case $wm_inc in /*) ;; *) wm_inc=\${wm_file%/*}/$wm_inc ;; esac
      wm_left="$wm_left $wm_inc"
    done
  done
  return 1
}
wm_piece keepalived
for wm_pid in $wm_keepalived; do
  wm_conf=/etc/keepalived/keepalived.conf wm_next= wm_vrrp=
  for wm_arg in $(tr '\\0' '\\n' <"/proc/$wm_pid/cmdline"); do
    if [ -n "$wm_next" ]; then wm_conf=$wm_arg wm_next=; continue; fi
    case $wm_arg in
      -f|--use-file) wm_next=1 ;;
      --use-file=*) wm_conf=\${wm_arg#*=} ;;
      -f?*) wm_conf=\${wm_arg#-f} ;;
      -P|--vrrp) wm_vrrp=1 ;;
    esac
  done
  [ -z "$wm_vrrp" ] || continue
  if [ ! -e "$wm_conf" ] || wm_names_one "$wm_conf"; then
    printf '%s %s\\n' "$wm_pid" "$wm_conf"
    break
  fi
done
wm_piece kube
if [ -n "$wm_kube" ]; then echo "$wm_kube"; fi
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
