import type { BootState } from '../../probe/boot'
import type { RuntimeStep } from '../change'
import type { SuperserverProof } from './proof'
import { refuse, type Refusal } from './refuse'
import type { DaemonName } from './reload'
import type { SuperserverState } from './state'

/*
 * Which links start a service is kept as it is found: what the administrator has linked by hand is no [Install] section,
 * and `systemctl enable` would not make it again. rc.conf holds one word.
 */
const CAPTURE = `by=$1 name=$2
case $by in
systemd|init) find /etc/systemd/system /etc/rc[0-9S].d -type l \\( -name "$name.service" -o -name "[SK][0-9][0-9]$name" \\) -exec sh -c 'for f do printf "%s\\n%s\\n" "$f" "$(readlink "$f")"; done' sh {} + 2>/dev/null; : ;;
openrc) if [ -e "/etc/runlevels/default/$name" ]; then echo on; fi ;;
rc.conf) sysrc -qn "\${name}_enable" 2>/dev/null; : ;;
esac
`

const SET = `by=$1 name=$2 word=$3
case $by in
systemd) systemctl "$word" "$name.service" ;;
init)
  if command -v update-rc.d >/dev/null; then update-rc.d "$name" "$word"
  elif [ "$word" = enable ]; then chkconfig "$name" on
  else chkconfig "$name" off
  fi ;;
openrc) if [ "$word" = enable ]; then rc-update add "$name" default; else rc-update del "$name" default; fi ;;
rc.conf) if [ "$word" = enable ]; then sysrc "\${name}_enable=YES"; else sysrc "\${name}_enable=NO"; fi ;;
esac
`

const RESTORE = `by=$1 name=$2
case $by in
systemd|init)
  find /etc/systemd/system /etc/rc[0-9S].d -type l \\( -name "$name.service" -o -name "[SK][0-9][0-9]$name" \\) -exec rm -f {} + 2>/dev/null
  failed=0
  while IFS= read -r link && IFS= read -r target; do
    mkdir -p "\${link%/*}" && ln -s "$target" "$link" || failed=1
  done
  if [ "$by" = systemd ]; then systemctl daemon-reload; fi
  exit $failed ;;
openrc) if read -r was; then rc-update add "$name" default; else rc-update -q del "$name" default || :; fi ;;
rc.conf) if read -r was; then sysrc "\${name}_enable=$was"; else sysrc -qx "\${name}_enable" || :; fi ;;
esac
`

/**
 * Has the host's init start the daemon at boot, or no more. Nothing that runs is touched.
 * Problems: superserver.bootUnknown, .bootFixed, .nothingToDo.
 */
export function switchBoot(state: SuperserverState, name: DaemonName, on: boolean): BootSwitch | Refusal {
  const boot = state.boot[name]
  if (boot === null) return refuse(state, 'superserver.bootUnknown', { name })
  if (boot.on === null) return refuse(state, 'superserver.bootFixed', { name: boot.name, word: boot.word })
  if (boot.on === on) return refuse(state, 'superserver.nothingToDo')
  return { step: bootStep(boot, on), disturbs: [], proof: { boot: { daemon: name, on } } }
}

export type BootSwitch = {
  readonly step: RuntimeStep
  readonly disturbs: readonly []
  readonly proof: Pick<SuperserverProof, 'boot'>
}

/** Switches one service, and can give back what was. */
export function bootStep({ by, name }: Pick<BootState, 'by' | 'name'>, on: boolean): RuntimeStep {
  const args = [by, name]
  return {
    kind: 'runtime',
    title: { key: on ? 'superserver.step.atBoot' : 'superserver.step.notAtBoot', params: { name } },
    capture: { kind: 'script', script: CAPTURE, args },
    set: { kind: 'script', script: SET, args: [...args, on ? 'enable' : 'disable'] },
    restore: { kind: 'script', script: RESTORE, args },
  }
}
