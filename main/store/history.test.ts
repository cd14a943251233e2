import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangeOutcome } from '../../shared/contract/change'
import type { HistoryEntry } from '../../shared/contract/history'
import type { Change, FileContent, FileImage, Step } from '../../shared/model/change'
import { maxBytes, maxEntries, openHistory, type History } from './history'

const content = (text: string): FileContent => ({
  text,
  digest: createHash('sha256').update(text).digest('hex'),
  mode: 0o644,
  uid: 0,
  gid: 0,
  label: null,
  acl: null,
  attributes: null,
})
const image = (text: string): FileImage => ({ ...content(text), linkTarget: null, links: 1, mounted: false })

const write = (file: string, before: string, after: string, secret = false): Step => ({
  kind: 'write',
  path: file,
  before: image(before),
  after: content(after),
  secret,
})
const reload: Step = {
  kind: 'daemon',
  title: { key: 'superserver.step.reload', params: {} },
  daemon: 'xinetd',
  action: 'reload',
  before: null,
  command: { kind: 'argv', argv: ['kill', '-HUP', '4711'] },
  restore: { kind: 'argv', argv: ['true'] },
}

const changeOf = (steps: readonly Step[], reason = ''): Change => ({
  title: { key: 'superserver.change.editService', params: { service: 'status' } },
  reason,
  intent: { capability: 'superserver' },
  parts: [
    { host: 'h1', steps, disturbs: [], proof: { capability: 'superserver', expect: { ports: [9101] } } },
  ],
})
const change = changeOf([write('/etc/xinetd.d/status', 'port = 9101\n', 'port = 9141\n'), reload])

const entry = (id: string, at: number, more: Partial<HistoryEntry> = {}) => ({
  id,
  at,
  by: 'ann@desk',
  hosts: [{ id: 'h1', name: 'harbor', account: 'root@198.18.0.2' }],
  title: change.title,
  reason: '',
  undoOf: null,
  ...more,
})
const proved: ChangeOutcome = { kind: 'proved', evidence: ['xinetd listens on 9141'] }

let folder: string
let heard: HistoryEntry[]
let dropped: string[]
let complaints: string[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'history-'))
  heard = []
  dropped = []
  complaints = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** As a start of the app does: nothing is known but what the folder holds. */
const open = (canUndo = true): History =>
  openHistory(
    folder,
    () => canUndo,
    { changed: (one) => heard.push(one), dropped: (id) => dropped.push(id) },
    (line) => complaints.push(line),
  )
const files = () => readdirSync(path.join(folder, 'history')).sort()
const idsOf = (entries: readonly HistoryEntry[]) => entries.map(({ id }) => id)
const all = { text: '', limit: 50 }

describe('the history of changes', () => {
  it('is empty at first, and makes no folder for being asked', () => {
    expect(open().list(all)).toEqual([])
    expect(readdirSync(folder)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('keeps a change over a restart, with what it did and what became of it, for the user alone to read', () => {
    const history = open()
    history.begun(entry('a', 1000), change)
    expect(heard.at(-1)).toMatchObject({ id: 'a', outcome: null, undoneBy: null })
    history.ended('a', proved)
    expect(heard.at(-1)?.outcome).toEqual(proved)

    const again = open()
    expect(again.list(all)).toEqual([{ ...entry('a', 1000), outcome: proved, undoneBy: null }])
    const found = again.find('a')
    expect(found?.change).toEqual(change)
    expect(found?.detail.undoable).toBe(true)
    expect(found?.detail.preview.parts[0]?.files[0]).toMatchObject({
      path: '/etc/xinetd.d/status',
      added: 1,
      removed: 1,
    })
    expect(found?.detail.preview.parts[0]?.commands[0]?.text).toBe('kill -HUP 4711')
    expect(statSync(path.join(folder, 'history')).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(folder, 'history', 'a.json')).mode & 0o777).toBe(0o600)
  })

  it('lists the newest first, whatever the order of the files, and goes on from a time', () => {
    const history = open()
    for (const [id, at] of [
      ['b', 2000],
      ['d', 4000],
      ['a', 1000],
      ['c', 3000],
    ] as const)
      history.begun(entry(id, at), change)
    for (const from of [history, open()]) {
      expect(idsOf(from.list(all))).toEqual(['d', 'c', 'b', 'a'])
      const first = from.list({ text: '', limit: 2 })
      expect(idsOf(first)).toEqual(['d', 'c'])
      expect(idsOf(from.list({ text: '', limit: 2, before: first.at(-1)?.at }))).toEqual(['b', 'a'])
      expect(from.list({ text: '', limit: 2, before: 1000 })).toEqual([])
    }
  })

  it('loses none between two pages that were begun in one millisecond', () => {
    const history = open()
    for (const id of ['a', 'b', 'c']) history.begun(entry(id, 1000), change)
    const seen: string[] = []
    for (let before: number | undefined; ;) {
      const page = history.list({ text: '', limit: 1, before })
      if (page.length === 0) break
      seen.push(...idsOf(page))
      before = page.at(-1)?.at
    }
    expect(seen).toEqual(['c', 'b', 'a'])
  })

  it('is searched by every word, in titles, reasons, people, hosts, paths and commands, and by host', () => {
    const history = open()
    history.begun(entry('port', 1000, { reason: 'Ticket 4711' }), change)
    const other = entry('motd', 2000, {
      by: 'bob@ship',
      hosts: [{ id: 'h2', name: 'quay', account: 'bob@198.18.0.9' }],
    })
    const move: Step = {
      kind: 'move',
      from: '/etc/motd',
      to: '/etc/MOTD.old',
      before: image(''),
      secret: false,
    }
    history.begun({ ...other, title: { key: 'x.move', params: { what: 'greeting' } } }, changeOf([move]))
    const found = (text: string, host?: string) => idsOf(history.list({ text, limit: 50, host }))
    expect(found('xinetd.d/STATUS')).toEqual(['port'])
    expect(found('ticket  4711')).toEqual(['port'])
    expect(found('-hup')).toEqual(['port'])
    expect(found('quay')).toEqual(['motd'])
    expect(found('motd.OLD greeting bob')).toEqual(['motd'])
    expect(found('greeting ann')).toEqual([])
    expect(found('root@198.18')).toEqual(['port'])
    expect(found('', 'h2')).toEqual(['motd'])
    expect(found('etc')).toEqual(['motd', 'port'])
    expect(found('port = 9101'), 'contents are not searched').toEqual([])
  })

  it('never holds what is secret, in any kind of step', () => {
    const secret = 'correct horse battery staple'
    const steps: readonly Step[] = [
      write('/etc/vnc/passwd', `old ${secret}`, `new ${secret}`, true),
      { kind: 'create', path: '/etc/vnc/new', after: content(secret), secret: true },
      { kind: 'delete', path: '/etc/vnc/old', before: image(secret), secret: true },
      { kind: 'move', from: '/etc/vnc/a', to: '/etc/vnc/b', before: image(secret), secret: true },
    ]
    open().begun(entry('a', 1000), changeOf(steps))
    const text = readFileSync(path.join(folder, 'history', 'a.json'), 'utf8')
    expect(text).toContain('/etc/vnc/passwd')
    expect(text, 'the digest stays').toContain(content(secret).digest)
    expect(text).not.toContain(secret)
    expect(heard.length).toBe(1)
    expect(JSON.stringify(heard)).not.toContain(secret)
    expect(JSON.stringify(open().find('a'))).not.toContain(secret)
  })

  it('leaves a damaged file alone and says so; the others are there', () => {
    const history = open()
    history.begun(entry('good', 1000), change)
    history.begun(entry('half', 2000), change)
    const damaged: Record<string, string> = {
      'half.json': readFileSync(path.join(folder, 'history', 'half.json'), 'utf8').slice(0, 300),
      'empty.json': '',
      'other.json': '{"version":2}',
    }
    for (const [name, text] of Object.entries(damaged))
      writeFileSync(path.join(folder, 'history', name), text)
    // Left by an app that was killed while it wrote.
    writeFileSync(path.join(folder, 'history', 'good.json.4711.part'), 'half')

    expect(idsOf(open().list(all))).toEqual(['good'])
    expect(complaints).toHaveLength(3)
    for (const [name, text] of Object.entries(damaged)) {
      expect(complaints.join('\n')).toContain(path.join(folder, 'history', name))
      expect(readFileSync(path.join(folder, 'history', name), 'utf8')).toBe(text)
    }
  })

  it('can be undone only while it holds, was not undone, and its capability knows the way back', () => {
    const history = open()
    for (const id of ['held', 'back', 'open', 'gone']) history.begun(entry(id, 1000), change)
    history.ended('held', proved)
    history.ended('gone', proved)
    history.ended('back', {
      kind: 'rolledBack',
      problem: { code: 'app.cancelled', params: {} },
      evidence: [],
    })
    const undoable = (from: History) =>
      ['held', 'back', 'open', 'gone'].filter((id) => from.find(id)?.detail.undoable)
    expect(undoable(history)).toEqual(['held', 'gone'])
    history.undone('gone', 'later')
    expect(heard.at(-1)).toMatchObject({ id: 'gone', undoneBy: 'later' })
    expect(undoable(history)).toEqual(['held'])
    expect(undoable(open())).toEqual(['held'])
    expect(undoable(open(false))).toEqual([])
  })

  it('knows after a crash which changes of a host have no known end', () => {
    const history = open()
    const half: ChangeOutcome = {
      kind: 'halfConfirmed',
      problem: { code: 'change.halfConfirmed', params: {} },
      confirmed: ['h1'],
      waiting: ['h2'],
      seconds: 60,
    }
    const unknown: ChangeOutcome = {
      kind: 'unknown',
      problem: { code: 'change.unsettled', params: {} },
      seconds: 9,
    }
    for (const [id, at] of [
      ['open', 1],
      ['unknown', 2],
      ['half', 3],
      ['done', 4],
    ] as const)
      history.begun(entry(id, at), change)
    history.ended('unknown', unknown)
    history.ended('half', half)
    history.ended('done', proved)
    expect(
      open()
        .open('h1')
        .map(({ id, outcome }) => [id, outcome?.kind ?? null])
        .sort(),
    ).toEqual([
      ['half', 'halfConfirmed'],
      ['open', null],
      ['unknown', 'unknown'],
    ])
    expect(open().open('h2')).toEqual([])
  })

  it('forgets what was not begun after all', () => {
    const history = open()
    history.begun(entry('a', 1000), change)
    history.dropped('a')
    expect(dropped).toEqual(['a'])
    expect(files()).toEqual([])
    expect(history.list(all)).toEqual([])
    history.dropped('a')
    expect(dropped).toEqual(['a'])
  })

  it('is bounded in number: the oldest goes, file and all', () => {
    // Written as the app writes them, without waiting for the disk two thousand times.
    const seed = open()
    seed.begun(entry('seed', 1000), change)
    const text = readFileSync(path.join(folder, 'history', 'seed.json'), 'utf8')
    for (let i = 1; i < maxEntries; i += 1) {
      const one = text.replace('"id": "seed"', `"id": "n${i}"`).replace('"at": 1000', `"at": ${1000 + i}`)
      writeFileSync(path.join(folder, 'history', `n${i}.json`), one)
    }
    const history = open()
    expect(history.list({ text: '', limit: 1 })[0]?.id).toBe(`n${maxEntries - 1}`)
    expect(files()).toHaveLength(maxEntries)
    history.begun(entry('new', 1_000_000), change)
    expect(files()).toHaveLength(maxEntries)
    expect(dropped).toEqual(['seed'])
    expect(files()).not.toContain('seed.json')
    expect(files()).toContain('new.json')
    const before = process.cpuUsage()
    expect(history.list({ text: 'xinetd.d n1 nowhere', limit: 50 })).toEqual([])
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000, 'ms of work: a search of all of them is felt as at once').toBeLessThan(
      1000,
    )
  }, 30_000)

  it('is bounded in size: large ones go earlier, but never the newest', () => {
    const large = changeOf([write('/etc/large', 'x'.repeat(24 * 1024 * 1024), 'y')])
    const history = open()
    for (const id of ['a', 'b', 'c']) history.begun(entry(id, 1000 + id.charCodeAt(0)), large)
    expect(dropped).toEqual(['a'])
    expect(files()).toEqual(['b.json', 'c.json'])
    const again = open()
    again.begun(entry('d', 9000), changeOf([write('/etc/huge', 'x'.repeat(maxBytes), 'y')]))
    expect(files()).toEqual(['d.json'])
    expect(idsOf(again.list(all))).toEqual(['d'])
  }, 30_000)

  it('says that a change cannot be written down before it is made; an outcome is known until the app ends', () => {
    writeFileSync(path.join(folder, 'history'), 'a file where the folder should be')
    const history = open()
    expect(() => history.begun(entry('a', 1000), change)).toThrow(/history/)
    expect(history.list(all)).toEqual([])
    rmSync(path.join(folder, 'history'))
    history.begun(entry('a', 1000), change)
    rmSync(path.join(folder, 'history'), { recursive: true })
    writeFileSync(path.join(folder, 'history'), 'gone again')
    history.ended('a', proved)
    expect(history.list(all)[0]?.outcome).toEqual(proved)
    expect(complaints.join('\n')).toContain('cannot be written')
    rmSync(path.join(folder, 'history'))
    mkdirSync(path.join(folder, 'history'))
  })
})
