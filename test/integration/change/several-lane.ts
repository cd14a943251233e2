import type { ConnectedHost } from '../../../main/host/connected-host'
import type { EngineHost } from '../../../main/host/change/part-run'
import type { ChangeOutcome } from '../../../shared/contract'
import type { Change, HostPart, Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import type { Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { beginPoints, confirmPoints } from './fault-point'
import { leavings, script, title, workbench, writeStep } from './workbench'

/** A director and its two real servers, as far as the change engine cares. */
export const names = ['lvs', 'shop1', 'shop2'] as const
export type Name = (typeof names)[number]

export interface Several {
  readonly real: Readonly<Record<Name, Host>>
  readonly hosts: Readonly<Record<Name, ConnectedHost>>
  /** In the order of the names. */
  readonly all: readonly ConnectedHost[]
  readonly close: () => void
}

export async function openSeveral(lab: Lab): Promise<Several> {
  const [lvs, shop1, shop2] = await Promise.all([
    lab.host({ name: 'lvs' }),
    lab.host({ name: 'shop1' }),
    lab.host({ name: 'shop2' }),
  ])
  const real = { lvs, shop1, shop2 }
  const [a, b, c] = await Promise.all([
    connectTo(lvs, 'admin', { id: 'lvs' }),
    connectTo(shop1, 'admin', { id: 'shop1' }),
    connectTo(shop2, 'admin', { id: 'shop2' }),
  ])
  const all = [a, b, c]
  return {
    real,
    hosts: { lvs: a, shop1: b, shop2: c },
    all,
    close: () => all.forEach((host) => host.disconnect()),
  }
}

const reset = `rm -f /run/fault /run/fault.reached
rm -rf /srv/t; mkdir -p /srv/t; printf before >/srv/t/file; printf before >/srv/t/setting`

export const resetAll = ({ real }: Several) => Promise.all(names.map((name) => real[name].must(reset)))

/** A file, and something that is set at run time after it. */
export async function stepsOn(host: ConnectedHost): Promise<readonly Step[]> {
  return [
    await writeStep(host, '/srv/t/file', 'after'),
    {
      kind: 'runtime',
      title,
      capture: { kind: 'argv', argv: ['cat', '/srv/t/setting'] },
      set: script('date +%s%N >/srv/t/.when; printf after >/srv/t/setting'),
      restore: script('cat >/srv/t/setting'),
    },
  ]
}

export async function partsOn(
  hosts: readonly ConnectedHost[],
  more: Partial<HostPart> = {},
): Promise<readonly HostPart[]> {
  return Promise.all(
    hosts.map(async (host) => ({
      host: host.id,
      steps: await stepsOn(host),
      disturbs: [],
      proof: { capability: 'test', expect: 'applied' },
      ...more,
    })),
  )
}

/** As the workbench plans it. */
export const changeOf = (parts: readonly HostPart[]): Change => ({
  title: { key: 'test', params: {} },
  reason: '',
  intent: null,
  parts,
})

/** One word for each host: before, after, or what else it is. */
export async function statesOf({ real }: Several): Promise<readonly string[]> {
  return Promise.all(
    names.map(async (name) => {
      const said = await real[name].must('cat /srv/t/file; echo; cat /srv/t/setting')
      if (said === 'before\nbefore') return 'before'
      return said === 'after\nafter' ? 'after' : JSON.stringify(said)
    }),
  )
}

export const leftOn = async ({ real }: Several): Promise<string> =>
  (await Promise.all(names.map((name) => real[name].must(leavings)))).join('')

/** Waits until no host is in the middle of a change any more. */
export async function settled({ real }: Several): Promise<void> {
  await Promise.all(
    names.map((name) =>
      real[name].must(
        `i=0; while [ -e /var/lib/wharfmaster/lock ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done`,
      ),
    ),
  )
}

export interface Cut {
  readonly point: string
  readonly on: Name
}

/** Preparing, the steps and the word that it stays, on one host after another. */
export const points: readonly string[] = [...beginPoints(2), ...confirmPoints]

/** Breaks the link of one host while the change stands at a point there; says what came of it everywhere. */
export async function cutAt(
  several: Several,
  { point, on }: Cut,
): Promise<{
  readonly outcome: ChangeOutcome | string
  readonly states: readonly string[]
  readonly left: string
}> {
  await resetAll(several)
  for (const host of several.all) if (!(await host.whenUp(15_000))) throw new Error(`${host.name} is lost`)
  const bench = workbench(several.all, { deadlineSeconds: 20 })
  const parts = await partsOn(several.all)
  const host = several.real[on]
  await host.must(`printf '%s:hold\\n' '${point}' >/run/fault`)
  const made = bench.make({ parts })
  const reached = await host.sh(
    'i=0; while [ ! -e /run/fault.reached ] && [ $i -lt 600 ]; do sleep 0.02; i=$((i+1)); done; [ -e /run/fault.reached ]',
  )
  if (reached.code !== 0) throw new Error(`never came to ${point} on ${on}: ${JSON.stringify(await made)}`)
  await host.must('pkill -KILL -u admin sshd; rm -f /run/fault')
  const outcome = await made
  await settled(several)
  return { outcome, states: await statesOf(several), left: await leftOn(several) }
}

/** A host whose script of one name does something to the world before it is sent, or is never sent at all. */
export function before(
  host: ConnectedHost,
  section: string,
  act: () => Promise<'send' | 'never'>,
): EngineHost {
  return new Proxy<EngineHost>(host, {
    get(target, key) {
      if (key === 'run')
        return async (job: Parameters<EngineHost['run']>[0]) => {
          if (job.sections.some(({ name }) => name.startsWith(section)) && (await act()) === 'never')
            return new Promise(() => undefined)
          return target.run(job)
        }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
