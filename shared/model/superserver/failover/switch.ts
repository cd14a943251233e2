import type { Command, DaemonStep, Step } from '../../change'
import type { FailoverProof } from '../proof'
import { placeOf } from '../drafts'
import type { SuperserverState } from '../state'
import { unitFolder } from '../systemd/units'
import { settingsIn } from './script'
import type { Scheduler } from './schedule'
import { nameOfScript } from './settings'
import { isRunning } from './state'

/*
 * The files are written before, and are back before a taking back; so a timer that goes has no file any more, by which
 * `systemctl disable` would find its link. The first round is waited for: that it was made is the proof.
 */
const WANTS = `${unitFolder}/timers.target.wants`
const ARGUMENTS = `name=$1 script=$2 unfinished=$3 want=$4
`
const FORGET = `forget() { rm -rf -- "/run/$name" "/var/run/$name"; rm -f -- "$unfinished"; }
`
const SYSTEMD = `${ARGUMENTS}${FORGET}on() {
  systemctl daemon-reload && forget && systemctl start "$name.service" &&
    systemctl enable "$name.timer" && systemctl restart "$name.timer"
}
off() {
  systemctl stop "$name.timer" "$name.service"
  rm -f -- "${WANTS}/$name.timer"
  systemctl daemon-reload
  # One that failed would be remembered.
  systemctl reset-failed "$name.timer" "$name.service" 2>/dev/null || :
  forget
}
case $want in on) on ;; *) off ;; esac
`
const SYSTEMD_AT_BOOT = `${ARGUMENTS}case $want in
on)
  mkdir -p -- "${WANTS}"
  ln -sf -- "${unitFolder}/$name.timer" "${WANTS}/$name.timer"
  systemctl daemon-reload
  systemctl --no-block start "$name.timer" ;;
*)
  rm -f -- "${WANTS}/$name.timer"
  systemctl daemon-reload ;;
esac
`
const CRON = `${ARGUMENTS}${FORGET}forget
case $want in on) /bin/sh "$script" ;; esac
`

/** A script that comes, changes or goes with the files of a change. */
export type FailoverSwitch = {
  readonly name: string
  readonly by: Scheduler
  readonly on: boolean
  readonly step: DaemonStep
  readonly proof: FailoverProof
  readonly everySeconds: number
  readonly service: string
}

export function failoverIn(state: SuperserverState, steps: readonly Step[]): FailoverSwitch | null {
  for (const step of steps) {
    if (step.kind !== 'create' && step.kind !== 'write' && step.kind !== 'delete') continue
    const name = nameOfScript(step.path)
    const settings = settingsIn(step.kind === 'delete' ? step.before.text : step.after.text)
    if (name === null || settings === null) continue
    const by = state.systemd === null ? 'cron' : 'systemd'
    const on = step.kind !== 'delete'
    const was = wasOn(state, name)
    const { folder } = placeOf(settings.path)
    const args = [name, step.path, `${folder}/.${name}.new`]
    const script = (text: string, want: boolean): Command => ({
      kind: 'script',
      script: text,
      args: [...args, want ? 'on' : 'off'],
    })
    const text = by === 'systemd' ? SYSTEMD : CRON
    return {
      name,
      by,
      on,
      everySeconds: settings.everySeconds,
      service: settings.id,
      step: {
        kind: 'daemon',
        title: { key: on ? 'failover.step.on' : 'failover.step.off', params: { name } },
        daemon: by,
        action: 'reload',
        before: null,
        command: script(text, on),
        restore: script(text, was),
        ...(by === 'systemd' ? { atBoot: script(SYSTEMD_AT_BOOT, was) } : {}),
      },
      proof: { name, by, on },
    }
  }
  return null
}

/** As it is now, and must be again when a change is taken back. */
export function failoverNow(state: SuperserverState, steps: readonly Step[]): FailoverProof | null {
  const made = failoverIn(state, steps)
  return made === null ? null : { ...made.proof, on: wasOn(state, made.name) }
}

function wasOn(state: SuperserverState, name: string): boolean {
  const watch = state.failover.watches.find((one) => one.name === name)
  return watch?.settings !== undefined && watch.settings !== null && isRunning(state, watch)
}
