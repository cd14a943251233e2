import { ChangeEngine, type ChangeLog, type EngineDeps } from '../../../main/host/change/engine'
import type { EngineHost } from '../../../main/host/change/part-run'
import { fileReading, readFiles, type ReadFile } from '../../../main/host/file-reading'
import { quote } from '../../../main/host/quote'
import type { ChangeSupport, Verdict } from '../../../main/capability/capability'
import type { Answer, ChangeOutcome, ChangeProgress } from '../../../shared/contract'
import {
  digestOfText,
  type Change,
  type FileContent,
  type FileImage,
  type HostPart,
  type Json,
  type Step,
} from '../../../shared/model/change'
import type { Intent } from '../../../shared/model/intent'

/** What the next plan shall be: steps on one host, or parts on several. */
export interface Wish {
  readonly steps?: readonly Step[]
  readonly parts?: readonly HostPart[]
  readonly need?: 'none'
  readonly touches?: 'network'
  readonly restored?: ReadonlyMap<string, Json>
  readonly prove?: (expect: Json, moment: 'applied' | 'restored') => Promise<Answer<Verdict>>
}

export interface Workbench {
  readonly engine: ChangeEngine
  readonly progress: readonly ChangeProgress[]
  /** By change, what the history was told. */
  readonly written: ReadonlyMap<string, ChangeOutcome | null>
  /** Plans and applies; the code of a refusal, with its detail. */
  make(wish: Wish): Promise<ChangeOutcome | string>
  plan(wish: Wish): ReturnType<ChangeEngine['plan']>
}

const anyIntent: Intent = {
  capability: 'balancer',
  kind: 'drain',
  reason: '',
  service: { kind: 'mark', mark: 1, ipv6: false },
  server: { address: '192.0.2.1', port: 0 },
}

/** The engine on real hosts, with changes that the test makes up: the files and processes are real. */
export function workbench(
  hosts: readonly EngineHost[],
  more: Partial<Omit<EngineDeps, 'host' | 'history' | 'support'>> = {},
): Workbench {
  let wish: Wish = {}
  const progress: ChangeProgress[] = []
  const written = new Map<string, ChangeOutcome | null>()
  const history: ChangeLog = {
    begun: (id) => (written.set(id, null), null),
    ended: (id, outcome) => void written.set(id, outcome),
    dropped: (id) => void written.delete(id),
    undone: () => undefined,
  }
  const holds = { ok: true, value: { holds: true, evidence: ['seen'], missing: [] } } as const
  const support: ChangeSupport = {
    capability: 'test',
    async plan(host) {
      // As a capability does: one reading.
      await host.run({ sections: [{ name: 'look', body: ':', seconds: 5 }], need: 'none' })
      const proof = { capability: 'test', expect: 'applied' }
      const part: HostPart = {
        host: host.id,
        steps: wish.steps ?? [],
        disturbs: [],
        proof,
        ...(wish.need === undefined ? {} : { need: wish.need }),
        ...(wish.touches === undefined ? {} : { touches: wish.touches }),
      }
      const change: Change = {
        title: { key: 'test', params: {} },
        reason: '',
        intent: null,
        parts: wish.parts ?? [part],
      }
      return { ok: true, value: { change, restored: wish.restored ?? new Map() } }
    },
    undo: () => null,
    prove: (_host, expect, moment) => wish.prove?.(expect, moment) ?? Promise.resolve(holds),
  }
  const engine = new ChangeEngine({
    host: (id) => {
      const found = hosts.find((host) => host.id === id)
      return found === undefined
        ? { ok: false, problem: { code: 'app.notFound', params: {} } }
        : { ok: true, value: found }
    },
    support: () => support,
    progress: (one) => void progress.push(one),
    touched: () => undefined,
    log: () => undefined,
    by: 'tester@here',
    proofPatienceMs: 300,
    patienceMs: 20_000,
    ...more,
    history,
  })
  const plan = (next: Wish) => {
    wish = next
    return engine.plan(hosts[0]?.id ?? '', anyIntent)
  }
  return {
    engine,
    progress,
    written,
    plan,
    async make(next) {
      const planned = await plan(next)
      if (!planned.ok) return planned.problem.code
      const applied = await engine.apply(planned.value.id, planned.value.digest)
      return applied.ok ? applied.value : `${applied.problem.code} ${applied.problem.detail ?? ''}`
    },
  }
}

/** Files of the host, as a plan reads them. */
export async function imagesOf<P extends string>(
  host: EngineHost,
  paths: readonly P[],
): Promise<Readonly<Record<P, FileImage>>> {
  await host.whenUp(15_000)
  const body = [fileReading, ...paths.map((path) => `wm_read ${quote(path)}`)].join('\n')
  const ran = await host.run({ sections: [{ name: 'read', body, seconds: 5 }], need: 'require' })
  const [answer] = ran.ok ? ran.value.answer.sections : []
  const read = answer?.kind === 'done' ? readFiles(answer.pieces) : new Map<string, ReadFile>()
  const images: Partial<Record<P, FileImage>> = {}
  for (const path of paths) {
    const file = read.get(path)
    if (file?.kind !== 'file') throw new Error(`${path}: ${file?.kind ?? 'not read'}`)
    const { kind: _, ...image } = file
    images[path] = image
  }
  return images as Readonly<Record<P, FileImage>>
}

export async function imageOf(host: EngineHost, path: string): Promise<FileImage> {
  return (await imagesOf(host, [path]))[path] ?? Promise.reject(new Error(path))
}

export const contentOf = (text: string, more: Partial<FileContent> = {}): FileContent => ({
  text,
  digest: digestOfText(text),
  mode: 0o644,
  uid: 0,
  gid: 0,
  label: null,
  acl: null,
  attributes: null,
  ...more,
})

export async function writeStep(host: EngineHost, path: string, text: string, secret = false): Promise<Step> {
  return writeOver(path, await imageOf(host, path), text, secret)
}

export function writeOver(path: string, before: FileImage, text: string, secret = false): Step {
  const { mode, uid, gid } = before
  return { kind: 'write', path, before, after: contentOf(text, { mode, uid, gid }), secret }
}

export const script = (text: string, ...args: string[]) => ({ kind: 'script', script: text, args }) as const
export const title = { key: 't', params: {} }

/** What an unfinished or finished change leaves beside its targets and in systemd; the journal may stay. */
export const leavings = `find /etc /srv /home /root -xdev \\( -name '.wharfmaster-*' -o -name 'wharfmaster-*.service' \\); find /srv -mindepth 1 -name '.wharfmaster-*'; ls /var/lib/wharfmaster/lock 2>/dev/null; true`
