import type { ConnectedHost } from '../../../main/host/connected-host'
import type { ChangeOutcome } from '../../../shared/contract'
import type { Change, Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import type { Lab } from '../../lab/lab'
import { pause } from '../../lab/running'
import { connectTo } from '../host/connected'
import {
  brokenImages,
  brokenSteps,
  difference,
  folder,
  look,
  proveBroken,
  reset,
  service,
  signal,
  stepCount,
  xinetdPath,
} from './broken-change'
import { beginPoints, confirmPoints, faultFolder, rollbackPoints } from './fault-point'
import { imageOf, title, workbench, writeStep } from './workbench'

/** When the power goes. */
export interface Cut {
  /** The point at which the change stands; `heard`: after the app was told how it ended. */
  readonly point: string
  /** False: the proof fails, and the power goes while the change is taken back. */
  readonly holds: boolean
  /** It goes a second time, at this point of the taking back at boot. */
  readonly again?: string
  /** The change is what is set at run time, and no file: nothing at boot takes it back. */
  readonly runtimeAlone?: true
  /** What another program does on the host before. */
  readonly meanwhile?: string
}

export interface CutVerdict {
  /** `before` or `after`, wholly; else what it is. */
  readonly state: string
  /** What the app was told before the power went; null: nothing. */
  readonly heard: ChangeOutcome | string | null
  /** What the journal says to the next contact. */
  readonly said: ChangeOutcome | null
  /** What is left beside the journal after it. */
  readonly left: string
}

/** Another program's sync takes the files of /etc along, and nothing else: the change is half on the disk. */
export const halfSynced: Cut = { point: 'done 5', holds: true, meanwhile: 'sync /etc/hostname' }

/** The power goes at every point of making, confirming and taking back; and again while the boot takes back. */
export const allCuts: readonly Cut[] = [
  ...[...beginPoints(stepCount + 1), ...confirmPoints, 'heard'].map((point) => ({ point, holds: true })),
  ...[...rollbackPoints, 'heard'].map((point) => ({ point, holds: false })),
  { point: 'done 0', holds: true, runtimeAlone: true },
  halfSynced,
  ...rollbackPoints.map((again, at) => ({ point: `done ${at + 2}`, holds: true, again })),
]

/** What must come of it: a change is after from the moment at which it is confirmed, and not one sooner. */
export const expected = ({ point, holds }: Cut): 'before' | 'after' =>
  holds && [...confirmPoints, 'heard'].includes(point) ? 'after' : 'before'

/** Empty: it is as it must be. */
export function faultOf(cut: Cut, { state, heard, said, left }: CutVerdict): string {
  const told = expected(cut) === 'after' ? 'proved' : 'rolledBack'
  const heardWell = cut.point === 'heard' ? kindOf(heard) === told : kindOf(heard) === 'unknown'
  if (state === expected(cut) && said?.kind === told && heardWell && left === '') return ''
  return `${nameOf(cut)}: ${state}\nheard ${JSON.stringify(heard)}\nsaid ${JSON.stringify(said)}\nleft ${left}`
}

const nameOf = ({ point, holds, again, runtimeAlone }: Cut): string =>
  `${point}${runtimeAlone === true ? ' of what is set at run time alone' : ''}${holds ? '' : ' of the taking back'}${again === undefined ? '' : `, and ${again} at boot`}`

const kindOf = (heard: CutVerdict['heard']): string =>
  heard === null || typeof heard === 'string' ? String(heard) : heard.kind

/** One host with its own kernel, whose power is cut again and again. */
export class PowerLane {
  #host: ConnectedHost | null = null
  #before = ''
  #after = ''
  /** Its files are the same before each change. */
  #steps: readonly Step[] = []
  #clean = false

  private constructor(readonly real: Host) {}

  static async open(lab: Lab, name: string, shell: 'dash' | 'busybox'): Promise<PowerLane> {
    const real = await lab.host({
      name,
      kind: 'kernel',
      units: ['xinetd.service'],
      // Each loses by itself what was not synced on it.
      volumes: { '/etc': 16, '/var/lib/wharfmaster': 8, '/srv/t': 8 },
      files: { [xinetdPath]: service(9201) },
      run: shell === 'busybox' ? 'ln -sf busybox /bin/sh' : ':',
    })
    const lane = new PowerLane(real)
    await lane.#started()
    await lane.#reset()
    const host = await lane.#connected()
    const path = `${folder}/short`
    lane.#steps = [
      // It has no bytes to be known by.
      { kind: 'delete', path, before: await imageOf(host, path), secret: false },
      ...brokenSteps(await brokenImages(host), (await real.must('cat /run/xinetd.pid')).trim()),
    ]
    return lane
  }

  async cut({ point, holds, again, runtimeAlone, meanwhile }: Cut): Promise<CutVerdict> {
    const { real } = this
    await this.#started()
    await this.#reset()
    this.#clean = false
    const host = await this.#connected()
    const bench = workbench([host], {
      deadlineSeconds: 600,
      // Nobody waits long for a host whose power is gone; but it comes to the point first, and a kernel in user mode is slow.
      patienceMs: point === 'heard' ? 90_000 : 10_000,
      proofPatienceMs: holds ? 20_000 : 300,
    })
    const change = await this.#change(host, runtimeAlone ?? false)
    const planned = await bench.plan({ parts: change.parts, prove: () => proveBroken(real, holds) })
    if (!planned.ok) throw new Error(planned.problem.code)
    const { id, digest } = planned.value
    if (point !== 'heard') await this.#must(`printf '%s:stay\\n' '${point}' >${faultFolder}/fault`)
    const applied = bench.engine
      .apply(id, digest)
      .then((answer): ChangeOutcome | string => (answer.ok ? answer.value : answer.problem.code))
    if (point === 'heard') await applied
    else await this.#reached(point, applied)
    if (expected({ point, holds }) === 'after') this.#after = withoutSetting(await this.#must(look))
    const then = [
      ...(again === undefined
        ? []
        : [
            `printf '%s:cut\\n' '${again}' >${faultFolder}/fault.new; mv ${faultFolder}/fault.new ${faultFolder}/fault`,
          ]),
      ...(meanwhile === undefined ? [] : [meanwhile]),
    ]
    if (then.length > 0) await this.#must(then.join('\n'))
    await real.crash()
    host.disconnect()
    this.#host = null
    await real.start()
    if (again !== undefined) await this.#must(`[ ! -e ${faultFolder}/fault ]`)
    const heard = await applied
    const anew = await this.#connected()
    const said = await workbench([anew]).engine.settle(id, change, null, false)
    const state = await this.#state()
    const left = await this.#left(anew)
    this.#clean = state === 'before' && left === ''
    return { state, heard, said, left }
  }

  close(): void {
    this.#host?.disconnect()
  }

  async #reached(point: string, applied: Promise<ChangeOutcome | string>): Promise<void> {
    const reached = await this.real.sh(
      `i=0; while [ ! -e ${faultFolder}/fault.reached ] && [ $i -lt 900 ]; do sleep 0.1; i=$((i+1)); done; [ -e ${faultFolder}/fault.reached ]`,
      { timeoutMs: 180_000 },
    )
    if (reached.code !== 0)
      throw new Error(`the change never came to ${point}: ${JSON.stringify(await applied)}`)
  }

  /** The daemon may still be starting. What was set at run time went with the power, and nobody may set it again. */
  async #state(): Promise<string> {
    const until = Date.now() + 60_000
    for (;;) {
      const now = await this.#must(look)
      if (now === this.#before) return 'before'
      if (now === this.#after) return 'after'
      // Once its daemon answers, nothing moves any more.
      if (Date.now() > until || now.includes(' hello')) return difference(now, this.#before)
      await pause(300)
    }
  }

  /** A change of something else: whoever takes the lock sweeps what is left of others. */
  async #left(host: ConnectedHost): Promise<string> {
    const swept = (await this.#must(leavings)).trim()
    if (swept === '') return ''
    await this.#must('mkdir -p /srv/other; echo x >/srv/other/f')
    const bench = workbench([host])
    const outcome = await bench.make({ steps: [await writeStep(host, '/srv/other/f', 'y\n')] })
    if (typeof outcome === 'string' || outcome.kind !== 'proved')
      throw new Error(`the next change: ${JSON.stringify(outcome)}`)
    return (await this.#must(leavings)).trim()
  }

  /** The change of broken-change.ts, on the daemon that runs now. */
  async #change(host: ConnectedHost, runtimeAlone: boolean): Promise<Change> {
    const pid = (await this.#must('cat /run/xinetd.pid')).trim()
    const all = this.#steps.map((step) => (step.kind === 'daemon' ? { ...step, ...signal(pid) } : step))
    const steps = runtimeAlone ? all.filter(({ kind }) => kind === 'runtime') : all
    const proof = { capability: 'test', expect: 'applied' }
    return { title, reason: '', intent: null, parts: [{ host: host.id, steps, disturbs: [], proof }] }
  }

  /** What was put back is on the disk, and is not synced once more. */
  async #reset(): Promise<void> {
    if (this.#clean) {
      await this.#must(`printf before >/run/setting; ${unbroken}`)
      return
    }
    await this.#must(`${reset}\nln -s gone ${folder}/short; ${unbroken}; sync`)
    const now = await this.#standing()
    if (this.#before === '') this.#before = now
    if (now !== this.#before)
      throw new Error(`the host could not be put back:\n${difference(now, this.#before)}`)
  }

  /** What it is once its daemon answers as before. */
  async #standing(): Promise<string> {
    for (let i = 0; ; i += 1) {
      const now = withoutSetting(await this.#must(look))
      if (now.includes('9201 hello') || i === 100) return now
      await pause(300)
    }
  }

  /** SSH answers before the last services run. */
  async #started(): Promise<void> {
    await this.#must(
      'i=0; while [ ! -s /run/xinetd.pid ] && [ $i -lt 600 ]; do sleep 0.2; i=$((i+1)); done; [ -s /run/xinetd.pid ]',
    )
  }

  /** Such a host is slow on a machine that has other work. */
  #must(script: string): Promise<string> {
    return this.real.must(script, { timeoutMs: 180_000 })
  }

  async #connected(): Promise<ConnectedHost> {
    if (this.#host !== null) return this.#host
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (this.#host = await connectTo(this.real, 'root'))
      } catch (error) {
        if (attempt === 20) throw error
        await pause(500)
      }
    }
  }
}

const unbroken = `rm -f ${faultFolder}/fault ${faultFolder}/fault.reached`

/** The volumes: all that is written but the journal is on them. */
const leavings = `find /etc /srv/t -xdev \\( -name '.wharfmaster-*' -o -name 'wharfmaster-*.service' \\); ls -d /var/lib/wharfmaster/lock /var/lib/wharfmaster/gone.* 2>/dev/null; true`

/** What was set at run time goes with the power. */
const withoutSetting = (seen: string): string => seen.replace(/^(before|after)$/m, '')

/** Cuts the power as often as there are cuts, on hosts side by side. Gives what is not as it must be. */
export async function cutAll(lanes: readonly PowerLane[], cuts: readonly Cut[]): Promise<readonly string[]> {
  const todo = [...cuts]
  const wrong: string[] = []
  await Promise.all(
    lanes.map(async (lane) => {
      for (let cut = todo.shift(); cut !== undefined; cut = todo.shift()) {
        try {
          const fault = faultOf(cut, await lane.cut(cut))
          if (fault !== '') wrong.push(`${lane.real.name}, ${fault}`)
        } catch (error) {
          wrong.push(`${lane.real.name}, ${nameOf(cut)}: ${String(error)}`)
        }
      }
    }),
  )
  return wrong
}
