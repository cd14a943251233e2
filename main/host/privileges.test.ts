import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../../shared/contract/answer'
import type { Channel, Transport } from '../ssh'
import { Privileges } from './privileges'
import type { SectionAnswer } from './script-answer'

/*
 * Scripts run by this machine's own /bin/sh. What sudo and doas do on a host is tested in test/integration/host;
 * here is what is made of an answer that comes when nobody wants it any more. The sudo of these tests takes any
 * password and asks for it as the real one does.
 */
let folder: string
let sudo: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'privileges-'))
  sudo = path.join(folder, 'sudo')
  const asks = '#!/bin/sh\nprintf "$4" >&2\nread -r password\nshift 5\nexec "$@"\n'
  writeFileSync(sudo, asks, { mode: 0o755 })
})
afterEach(() => rmSync(folder, { recursive: true }))

const never = () => {
  throw new Error('not of this test')
}
/** A connection that outlives every wish to close it. */
const transport: Transport = {
  state: { kind: 'closed' },
  open(command) {
    const child = spawn('/bin/sh', ['-c', command], { cwd: folder })
    const channel: Channel = {
      stream: Duplex.from({ readable: child.stdout, writable: child.stdin }),
      stderr: child.stderr,
      closed: new Promise((resolve) =>
        child.on('close', (code) => resolve({ code, signal: null, lost: false })),
      ),
      close: () => undefined,
    }
    return Promise.resolve(ok(channel))
  },
  onState: never,
  anew: never,
  exec: never,
  shell: never,
  forward: never,
  forwardStreamLocal: never,
  sftp: never,
  retry: never,
  close: never,
}

const privileges = () =>
  new Privileges({
    name: () => 'quay',
    asker: { prompt: () => Promise.resolve(['secret']), hostKey: never },
    minutes: () => 0,
    changed: () => undefined,
  })

/** What the detection says of a login whom sudo asks for a password. */
const asked = (): SectionAnswer => {
  const piece = (name: string, text: string) => ({ name, bytes: Buffer.from(text) })
  const pieces = [
    piece('', '1000\npat\nquay\n'),
    piece('sudo', `${sudo}\n`),
    piece('list', 'sudo: a password is required\n'),
  ]
  return { kind: 'done', code: 0, pieces, stderr: '' }
}
const job = { sections: [{ name: 'id', body: 'wm_piece begun; sleep 0.2', seconds: 5 }] }
const locked = { kind: 'locked', by: 'sudo' }

describe('what was forgotten', () => {
  it('does not come back with the end of a script that the password had started', async () => {
    const it = privileges()
    await it.learn(transport, asked(), it.life)
    expect(it.privilege).toEqual(locked)
    let begun = 0
    const onPiece = () => {
      begun += 1
      it.forget()
    }
    await it.run(transport, { ...job, need: 'require', onPiece })
    expect(begun).toBe(1)
    expect(it.privilege).toEqual({ kind: 'unknown' })
    await it.learn(transport, asked(), it.life)
    expect(it.privilege).toEqual(locked)
    // As a measure of the above: the same without the forgetting keeps it.
    expect((await it.run(transport, { ...job, need: 'require' })).ok).toBe(true)
    expect(it.privilege).toEqual({ kind: 'sudo', how: 'password' })
  })

  it('stays forgotten when it is locked while the script runs that a password just typed has started', async () => {
    const it = privileges()
    await it.learn(transport, asked(), it.life)
    const onPiece = () => it.lock()
    expect((await it.run(transport, { ...job, need: 'require', onPiece })).ok).toBe(true)
    expect(it.privilege).toEqual(locked)
    const unlocking = it.unlock(transport, 0)
    await unlocking
    expect(it.privilege).toEqual({ kind: 'sudo', how: 'password' })
  })

  it('does not come back with a detection that was sent before', async () => {
    const it = privileges()
    const running = it.run(transport, { ...job, need: 'try' })
    const { life } = it
    it.forget()
    expect(await running).toMatchObject({
      ok: false,
      problem: { code: 'host.notConnected' },
      mayHaveRun: false,
    })
    await it.learn(transport, asked(), life)
    expect(it.privilege).toEqual({ kind: 'unknown' })
  })
})

describe('a detection that several wait for', () => {
  it('goes on for the others when the first of them has enough', async () => {
    const it = privileges()
    const enough = new AbortController()
    const first = it.run(transport, { ...job, need: 'try', signal: enough.signal })
    const second = it.run(transport, { ...job, need: 'try' })
    enough.abort()
    expect(await first).toMatchObject({ ok: false, problem: { code: 'app.cancelled' }, mayHaveRun: false })
    expect((await second).ok).toBe(true)
    expect(it.privilege.kind).not.toBe('unknown')
  })
})
