import type { ConnectedHost } from '../../../main/host/connected-host'
import type { ChangeOutcome } from '../../../shared/contract'
import { digestOfText } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import type { Lab } from '../../lab/lab'
import { pause } from '../../lab/running'
import { connectTo } from '../host/connected'
import {
  brokenImages,
  brokenSteps,
  difference,
  look,
  odd,
  proveBroken,
  reset as resetting,
  service,
  xinetdPath,
} from './broken-change'
import { leavings, workbench, writeStep } from './workbench'

/** What is done to the host, or to us, while the change stands at the point. */
export const faults = [
  'cutConnection',
  'killApp',
  'killShell',
  'stopApplier',
  'fillDisk',
  'readOnly',
  'changeFile',
  'killDaemon',
  'killSshd',
  'cancel',
  'reboot',
] as const
export type Fault = (typeof faults)[number]

/** How long a host may take until it is as it shall be. */
const patienceMs = 30_000
/** What somebody else writes into a file of the change: it is never lost. */
const theirs = 'theirs'
/** What is looked at, and what a change has left, in one question. */
const between = 'echo ----'
const lookAll = `${look}\n${between}\n${leavings}`
const oddLine = /^[0-9a-f]{64} {2}\.\/it's "odd"$/m

/** How the hosts differ on which changes are broken. */
export interface LaneKind {
  readonly name: string
  readonly killUserProcesses: boolean
  readonly shell: 'dash' | 'busybox'
}

export interface Verdict {
  /** `before` or `after`, wholly; else what it is. */
  readonly state: string
  readonly outcome: ChangeOutcome | string | null
  readonly left: string
}

/** One host on which changes are broken, one after another. */
export class FaultLane {
  private constructor(
    readonly kind: LaneKind,
    readonly real: Host,
    private host: ConnectedHost,
    /** What the steps stand on: each reset makes the same. */
    private readonly images: Awaited<ReturnType<typeof brokenImages>>,
    private readonly before: string,
    private readonly after: string,
  ) {}

  static async open(lab: Lab, kind: LaneKind): Promise<FaultLane> {
    const real = await lab.host({
      name: kind.name,
      units: ['xinetd.service'],
      volumes: { '/srv/t': 8 },
      files: {
        '/etc/systemd/logind.conf.d/lab.conf': `[Login]\nKillUserProcesses=${kind.killUserProcesses ? 'yes' : 'no'}\n`,
        [xinetdPath]: service(9201),
      },
      run: kind.shell === 'busybox' ? 'ln -sf busybox /bin/sh' : ':',
    })
    const host = await connectTo(real, 'admin')
    const { pid, now: before } = await reset(real, '')
    const images = await brokenImages(host)
    const outcome = await workbench([host]).make({ steps: brokenSteps(images, pid) })
    if (typeof outcome === 'string' || outcome.kind !== 'proved') throw new Error(JSON.stringify(outcome))
    const after = await real.must(look)
    if (before === after) throw new Error('the change changes nothing')
    return new FaultLane(kind, real, host, images, before, after)
  }

  /** Breaks the change at a point, and says what the host is once nothing moves any more. */
  async break(point: string, fault: Fault, holds = true): Promise<Verdict> {
    const what = fault === 'killShell' ? 'die' : fault === 'stopApplier' ? 'stop' : 'hold'
    const pid = await this.reset(`printf '%s:%s\\n' '${point}' ${what} >/run/fault`)
    await this.connected()
    const deadlineSeconds = fault === 'killApp' || fault === 'stopApplier' || fault === 'reboot' ? 4 : 20
    const bench = workbench([this.host], { deadlineSeconds })
    const planned = await bench.plan({
      steps: brokenSteps(this.images, pid),
      prove: () => proveBroken(this.real, holds),
    })
    if (!planned.ok) throw new Error(planned.problem.code)
    const { id, digest } = planned.value
    const applied = bench.engine.apply(id, digest).then(
      (answer): ChangeOutcome | string => (answer.ok ? answer.value : answer.problem.code),
      (error: unknown) => `threw ${String(error)}`,
    )
    const reached = await this.real.sh(
      'i=0; while [ ! -e /run/fault.reached ] && [ $i -lt 300 ]; do sleep 0.05; i=$((i+1)); done; [ -e /run/fault.reached ]',
    )
    if (reached.code !== 0)
      throw new Error(`the change never came to ${point}: ${JSON.stringify(await applied)}`)
    await this.inflict(fault, () => bench.engine.cancel(id))
    const outcome = fault === 'killApp' ? null : await applied
    return { outcome, ...(await this.settled(fault)) }
  }

  close(): void {
    this.host.disconnect()
  }

  private async inflict(fault: Fault, cancel: () => void): Promise<void> {
    const { real } = this
    const release = 'rm -f /run/fault'
    switch (fault) {
      case 'cutConnection':
        await real.must(`pkill -KILL -u admin sshd; ${release}`)
        return
      case 'killApp':
        // The connection goes without a word, and nobody comes back.
        await real.must(`pkill -KILL -u admin sshd`)
        this.host.disconnect()
        await real.must(release)
        return
      case 'killShell':
        return
      case 'stopApplier':
        // It goes on after its time is over: then nothing of it may write any more. Before its switch is armed
        // nobody takes it back, and it goes on with what it did.
        await real.must(
          `i=0; while [ -e /var/lib/wharfmaster/lock ] && [ $i -lt 32 ]; do sleep 0.25; i=$((i+1)); done; kill -CONT $(cat /run/fault.reached) 2>/dev/null || true; sleep 0.1`,
        )
        return
      case 'fillDisk':
        await real.must(
          `for size in 64k 1k; do dd if=/dev/zero bs=$size >>/srv/t/fill 2>/dev/null; sync /srv/t/fill; done; ${release}`,
        )
        return
      case 'readOnly':
        await real.must(`mount -o remount,ro /srv/t; ${release}; sleep 0.6; mount -o remount,rw /srv/t`)
        return
      case 'changeFile':
        await real.must(`printf ${theirs} >'${odd.replaceAll("'", `'\\''`)}'; ${release}`)
        return
      case 'killDaemon':
        await real.must(`kill -9 $(cat /run/xinetd.pid); ${release}`)
        return
      case 'killSshd':
        await real.must(`systemctl stop ssh; pkill -KILL sshd; ${release}; sleep 0.5; systemctl start ssh`)
        return
      case 'cancel':
        cancel()
        await pause(50)
        await real.must(release)
        return
      case 'reboot':
        await real.reboot()
        return
    }
  }

  /** Waits for the journal, then says what the host is. */
  private async settled(fault: Fault): Promise<Omit<Verdict, 'outcome'>> {
    const first = await this.real
      .must(`rm -f /run/fault; mountpoint -q /srv/t; i=0; while [ -e /var/lib/wharfmaster/lock ] && [ $i -lt 150 ]; do
  read -r p s rest </var/lib/wharfmaster/lock || true
  # A dead owner's lock waits for the next contact.
  [ -d "/proc/$p" ] || break
  sleep 0.2; i=$((i+1)); done
cd /var/lib/wharfmaster; if [ -e lock ]; then echo lock; fi
for c in changes/*/; do [ -e "$c/outcome" ] || echo "$c"; done
${between}
${lookAll}`)
    const [unsettled = '', ...seen] = first.split(`${between.slice(5)}\n`)
    // The next contact, as the app makes it, takes over what the dead have left.
    if (unsettled !== '') await this.contact()
    let [now = '', left = ''] = unsettled === '' ? seen : await this.lookAll()
    const rebooted = fault === 'reboot'
    const masked = (text: string): string => (fault === 'changeFile' ? text.replace(oddLine, '') : text)
    if (fault === 'changeFile' && !now.includes(digestOfText(theirs)))
      return { state: 'their words are lost', left: '' }
    // A daemon that was started anew takes its time where much else runs.
    const until = Date.now() + patienceMs
    for (;;) {
      // What was set at run time goes with a restart, whoever set it.
      const is = (wanted: string): boolean =>
        masked(now) === masked(rebooted ? wanted.replace(/^(before|after)$/m, '') : wanted)
      const state = is(this.before) ? 'before' : is(this.after) ? 'after' : now
      if ((state === 'before' || state === 'after') && left === '') return { state, left }
      if (Date.now() > until)
        return { state: state.length < 10 ? state : difference(state, this.before), left }
      await pause(200)
      ;[now = '', left = ''] = await this.lookAll()
    }
  }

  private async lookAll(): Promise<readonly string[]> {
    return (await this.real.must(lookAll)).split(`${between.slice(5)}\n`)
  }

  /** A change of something else: whoever takes the lock settles first what is not. */
  private async contact(): Promise<void> {
    await this.connected()
    await this.real.must('mkdir -p /srv/other; echo x >/srv/other/f')
    const outcome = await workbench([this.host]).make({
      steps: [await writeStep(this.host, '/srv/other/f', 'y\n')],
    })
    if (typeof outcome === 'string' || outcome.kind !== 'proved')
      throw new Error(`contact: ${JSON.stringify(outcome)}`)
  }

  private async connected(): Promise<void> {
    if (await this.host.whenUp(3000)) return
    this.host.disconnect()
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.host = await connectTo(this.real, 'admin')
        return
      } catch (error) {
        if (attempt === 20) throw error
        await pause(300)
      }
    }
  }

  /** Puts the host back, and gives the daemon's pid. */
  private async reset(then: string): Promise<string> {
    // A fault that went wrong is told once, and spoils no other.
    const { pid, now } = await reset(this.real, then)
    let is = now
    const until = Date.now() + patienceMs
    while (is !== this.before) {
      if (Date.now() > until)
        throw new Error(`the host could not be put back:\n${difference(is, this.before)}`)
      await pause(100)
      is = await this.real.must(look)
    }
    return pid
  }
}

/** Whatever was left, then the files and the daemon as they stand before each change, then `then`. */
async function reset(real: Host, then: string): Promise<{ readonly pid: string; readonly now: string }> {
  const said = await real.must(`rm -f /run/fault
for c in /var/lib/wharfmaster/changes/*/; do [ ! -f "$c/change.sh" ] || [ -e "$c/outcome" ] || /bin/sh "\${c%/}/change.sh" rollback reset >/dev/null 2>&1; done
${resetting}
${then}
cat /run/xinetd.pid
${look}`)
  const end = said.indexOf('\n')
  return { pid: said.slice(0, end), now: said.slice(end + 1) }
}
