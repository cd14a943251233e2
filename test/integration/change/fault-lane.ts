import type { ConnectedHost } from '../../../main/host/connected-host'
import type { ChangeOutcome } from '../../../shared/contract'
import { digestOfText } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import type { Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { brokenSteps, difference, look, odd, proveBroken, reset, service, xinetdPath } from './broken-change'
import { leavings, workbench, writeStep, type Workbench } from './workbench'

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

/** What somebody else writes into a file of the change: it is never lost. */
const theirs = 'theirs'
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
    private before: string,
    private after: string,
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
    const lane = new FaultLane(kind, real, await connectTo(real, 'admin'), '', '')
    await lane.reset()
    lane.before = await lane.look()
    const outcome = await lane.bench({}).make({ steps: await brokenSteps(lane.real, lane.host) })
    if (typeof outcome === 'string' || outcome.kind !== 'proved') throw new Error(JSON.stringify(outcome))
    lane.after = await lane.look()
    if (lane.before === lane.after) throw new Error('the change changes nothing')
    return lane
  }

  /** Breaks the change at a point, and says what the host is once nothing moves any more. */
  async break(point: string, fault: Fault, holds = true): Promise<Verdict> {
    await this.reset()
    await this.connected()
    const deadlineSeconds = fault === 'killApp' || fault === 'stopApplier' || fault === 'reboot' ? 4 : 20
    const bench = this.bench({ deadlineSeconds })
    const what = fault === 'killShell' ? 'die' : fault === 'stopApplier' ? 'stop' : 'hold'
    const planned = await bench.plan({
      steps: await brokenSteps(this.real, this.host),
      prove: () => proveBroken(this.real, holds),
    })
    if (!planned.ok) throw new Error(planned.problem.code)
    await this.real.must(`printf '%s:%s\\n' '${point}' ${what} >/run/fault`)
    const { id, digest } = planned.value
    const applied = bench.engine.apply(id, digest).then(
      (answer): ChangeOutcome | string => (answer.ok ? answer.value : answer.problem.code),
      (error: unknown) => `threw ${String(error)}`,
    )
    const reached = await this.real.sh(
      'i=0; while [ ! -e /run/fault.reached ] && [ $i -lt 600 ]; do sleep 0.02; i=$((i+1)); done; [ -e /run/fault.reached ]',
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
        await new Promise((resolve) => setTimeout(resolve, 50))
        await real.must(release)
        return
      case 'reboot':
        await real.reboot()
        return
    }
  }

  /** Waits for the journal, then says what the host is. */
  private async settled(fault: Fault): Promise<Omit<Verdict, 'outcome'>> {
    await this.real.must(
      `rm -f /run/fault; mountpoint -q /srv/t; i=0; while [ -e /var/lib/wharfmaster/lock ] && [ $i -lt 300 ]; do
        read -r p s rest </var/lib/wharfmaster/lock || true
        # A dead owner's lock waits for the next contact.
        [ -d "/proc/$p" ] || break
        sleep 0.1; i=$((i+1)); done`,
    )
    // The next contact, as the app makes it, takes over what the dead have left.
    const unsettled = await this.real.must(
      'cd /var/lib/wharfmaster; ls lock 2>/dev/null; for c in changes/*/; do [ -e "$c/outcome" ] || echo "$c"; done',
    )
    if (unsettled !== '') await this.contact()
    const rebooted = fault === 'reboot'
    const kept = digestOfText(theirs)
    const masked = (text: string): string => (fault === 'changeFile' ? text.replace(oddLine, '') : text)
    if (fault === 'changeFile' && !(await this.look()).includes(kept))
      return { state: 'their words are lost', left: '' }
    const until = Date.now() + 5000
    for (;;) {
      const now = await this.look()
      // What was set at run time goes with a restart, whoever set it.
      const is = (wanted: string): boolean =>
        masked(now) === masked(rebooted ? wanted.replace(/^(before|after)$/m, '') : wanted)
      const state = is(this.before) ? 'before' : is(this.after) ? 'after' : now
      const left = (await this.real.must(leavings)).trim()
      if ((state === 'before' || state === 'after') && left === '') return { state, left }
      if (Date.now() > until)
        return { state: state.length < 10 ? state : difference(state, this.before), left }
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  /** A change of something else: whoever takes the lock settles first what is not. */
  private async contact(): Promise<void> {
    await this.connected()
    await this.real.must('mkdir -p /srv/other; echo x >/srv/other/f')
    const outcome = await this.bench({}).make({ steps: [await writeStep(this.host, '/srv/other/f', 'y\n')] })
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
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
    }
  }

  private bench(more: { deadlineSeconds?: number }): Workbench {
    return workbench([this.host], more)
  }

  private async reset(): Promise<void> {
    // A fault that went wrong is told once, and spoils no other.
    await this.real.must(
      `rm -f /run/fault; for c in /var/lib/wharfmaster/changes/*/; do [ ! -f "$c/change.sh" ] || [ -e "$c/outcome" ] || /bin/sh "\${c%/}/change.sh" rollback reset >/dev/null 2>&1; done\n${reset}`,
    )
    if (this.before === '') return
    for (let i = 0; i < 50; i += 1) {
      if ((await this.look()) === this.before) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`the host could not be put back:\n${difference(await this.look(), this.before)}`)
  }

  private look(): Promise<string> {
    return this.real.must(look)
  }
}
