import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Command } from '../change'
import { reloadStep } from './reload'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A process that says "hup" when it is told to reload, under a name that does its best to mislead. */
async function daemon() {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'))
  const program = join(folder, 'a) 1 (b')
  copyFileSync('/bin/sh', program)
  const child = spawn(program, ['-c', 'trap "echo hup" HUP; echo ready; while :; do sleep 0.05; done'])
  open.push(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const { pid } = child
  if (pid === undefined) throw new Error('did not start')
  await until(() => said.includes('ready'))
  const startTime =
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')[19] ?? ''
  return { pid, startTime, said: () => said }
}

async function until(holds: () => boolean) {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 500) throw new Error('it did not come to hold')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function run(command: Command, shell = 'sh') {
  if (command.kind !== 'script') throw new Error('no script')
  return spawnSync(shell, ['-c', command.script, 'sh', ...command.args], { encoding: 'utf8' })
}

const stepFor = (pid: number, startTime: string, argv: readonly string[] = ['false']) =>
  reloadStep('xinetd', { pid, startTime, argv, pidfile: null })

describe('the reload of xinetd', () => {
  it.each(['sh', 'bash'])('reaches the process that was meant, under %s', async (shell) => {
    const { pid, startTime, said } = await daemon()
    expect(run(stepFor(pid, startTime).command, shell).status).toBe(0)
    await until(() => said().includes('hup'))
  })

  it('leaves another process of the same number alone', async () => {
    const { pid, startTime, said } = await daemon()
    expect(run(stepFor(pid, String(Number(startTime) + 1)).command).status).toBe(75)
    expect(run(stepFor(2 ** 22 + 1, startTime).command).status).toBe(75)
    expect(run(stepFor(pid, '').command).status).toBe(75)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(said()).not.toContain('hup')
  })

  it('restores by a reload while the daemon lives', async () => {
    const { pid, startTime, said } = await daemon()
    expect(run(stepFor(pid, startTime).restore).status).toBe(0)
    await until(() => said().includes('hup'))
  })
})
