import type { ConnectedHost } from '../../../main/host/connected-host'
import type { ChangeOutcome } from '../../../shared/contract'
import type { Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import type { Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import {
  contentOf,
  imagesOf,
  leavings,
  script,
  title,
  workbench,
  writeOver,
  writeStep,
  type Workbench,
} from './workbench'

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

/** How the hosts differ on which changes are broken. */
export interface LaneKind {
  readonly name: string
  readonly killUserProcesses: boolean
  readonly shell: 'dash' | 'busybox'
}

export interface Verdict {
  /** Wholly before or wholly after; else what it is. */
  readonly state: 'before' | 'after' | string
  readonly outcome: ChangeOutcome | string | null
  readonly left: string
}

const service = (port: number) => `service greeting
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = nobody
	server = /bin/echo
	server_args = hello
}
`
const xinetdPath = '/etc/xinetd.d/greeting'
const folder = '/srv/t/d'
const odd = `${folder}/it's "odd"`

/** As the hosts stand before each change: files with odd owners, modes and ACLs, a setting, and the daemon. */
const reset = `set -e
rm -f /run/fault /run/fault.reached
mount -o remount,rw /srv/t
rm -rf /srv/t/d /srv/t/fill; mkdir /srv/t/d; cd /srv/t/d
printf 'old\\000\\377' >"it's \\"odd\\""; chmod 2751 "it's \\"odd\\""; chown 5:6 "it's \\"odd\\""; setfacl -m u:33:r "it's \\"odd\\""
echo gone >gone; ln -s nowhere link; echo moved >moved
printf before >/run/setting
cat >${xinetdPath} <<'E'
${service(9201)}E
chmod 640 ${xinetdPath}
if pidof xinetd >/dev/null; then kill -HUP $(cat /run/xinetd.pid); else systemctl restart xinetd; fi
`

/** All that the change touches, in words: files with their metadata, the setting, and what answers where. */
const look = `cd /srv/t/d && find . -mindepth 1 ! -name '.wharfmaster-*' ! -path './.wharfmaster-*' -printf '%y %U:%G %m %l %P\\n' | sort
find . -type f ! -path './.wharfmaster-*' -print0 | sort -z | xargs -0 -r sha256sum
getfacl -cpn -- * | grep user:33 || true
stat -c '%U %a' ${xinetdPath}; sha256sum ${xinetdPath}
cat /run/setting; echo
for p in 9201 9202; do echo "$p $(timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$p && cat <&3" 2>/dev/null)"; done`

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
      run: `${kind.shell === 'busybox' ? 'ln -sf busybox /bin/sh' : ':'}`,
    })
    const lane = new FaultLane(kind, real, await connectTo(real, 'admin'), '', '')
    await lane.reset()
    lane.before = await lane.look()
    const outcome = await lane.bench({}).make({ steps: await lane.steps() })
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
    const planned = await bench.plan({ steps: await this.steps(), prove: () => this.proved(holds) })
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
    return { outcome, ...(await this.settled(fault === 'reboot')) }
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
        // It goes on after its time is over: then nothing of it may write any more.
        await real.must(
          `i=0; while [ -n "$(ls /var/lib/wharfmaster/lock 2>/dev/null)" ] && [ $i -lt 400 ]; do sleep 0.05; i=$((i+1)); done; kill -CONT $(cat /run/fault.reached) 2>/dev/null || true; sleep 0.1`,
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
        await real.must(`echo mine >/srv/t/d/link.mine; ${release}`)
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
  private async settled(rebooted: boolean): Promise<Omit<Verdict, 'outcome'>> {
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
    const until = Date.now() + 5000
    for (;;) {
      const now = (await this.look()).replace(/^.*link\.mine.*\n/gm, '')
      // What was set at run time goes with a restart, whoever set it.
      const is = (wanted: string): boolean =>
        now === (rebooted ? wanted.replace(/^(before|after)$/m, '') : wanted)
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
    await this.real.must(reset)
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

  private async proved(holds: boolean) {
    if (!holds) return { ok: true, value: { holds, evidence: [], missing: ['as the test wants'] } } as const
    const answers = await this.real.sh(`timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9202 && cat <&3'`)
    const answered = answers.stdout.includes('hello')
    return { ok: true, value: { holds: answered, evidence: [], missing: ['9202 does not answer'] } } as const
  }

  private async steps(): Promise<readonly Step[]> {
    const gone = `${folder}/gone`
    const moved = `${folder}/moved`
    const pid = (await this.real.must('cat /run/xinetd.pid')).trim()
    const image = await imagesOf(this.host, [odd, gone, moved, xinetdPath])
    return [
      writeOver(odd, image[odd], 'new\n'),
      {
        kind: 'create',
        path: `${folder}/new`,
        after: contentOf('new\n', { mode: 0o4750, uid: 12, gid: 34 }),
        secret: false,
      },
      { kind: 'delete', path: gone, before: image[gone], secret: false },
      { kind: 'move', from: moved, to: `${folder}/away`, before: image[moved], secret: false },
      writeOver(xinetdPath, image[xinetdPath], service(9202)),
      {
        kind: 'runtime',
        title,
        capture: { kind: 'argv', argv: ['cat', '/run/setting'] },
        set: script('printf after >/run/setting'),
        restore: script('cat >/run/setting'),
      },
      {
        kind: 'daemon',
        title,
        daemon: 'xinetd',
        action: 'reload',
        before: null,
        command: script('kill -HUP "$1"', pid),
        restore: script('kill -HUP "$1" 2>/dev/null || systemctl restart xinetd', pid),
      },
    ]
  }
}

/** How many steps the broken change has. */
export const stepCount = 7

function difference(now: string, before: string): string {
  const old = new Set(before.split('\n'))
  const fresh = new Set(now.split('\n'))
  return [
    ...now
      .split('\n')
      .filter((line) => !old.has(line))
      .map((line) => `+${line}`),
    ...before
      .split('\n')
      .filter((line) => !fresh.has(line))
      .map((line) => `-${line}`),
  ].join('\n')
}
