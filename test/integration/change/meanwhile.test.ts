import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import type { Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { contentOf, imageOf, leavings, workbench, writeStep } from './workbench'

/*
 * Somebody else writes to a file between our look at it and our rename. Nobody is quick enough to do so by chance,
 * so the script of this test lets him come right before one mv or ln of it, or right after.
 */
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { default: journal } = await load<{ default: string }>()
  const meddled = ['mv', 'ln'].map(
    (name) => `${name}() {
  if [ -e /run/before-${name} ]; then . /run/before-${name}; fi
  command ${name} "$@" || return
  if [ -e /run/after-${name} ]; then . /run/after-${name}; fi
}`,
  )
  return { default: [...meddled, journal].join('\n') }
})

let lab: Lab
let real: Host
let host: ConnectedHost
beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({ name: 'busy' })
  host = await connectTo(real, 'admin')
})
afterAll(async () => {
  host.disconnect()
  await lab.close()
})
const file = '/srv/t/f'
beforeEach(() => real.must(`rm -rf /srv/t; mkdir /srv/t; printf old >${file}`))
afterEach(async () => {
  await expect.poll(() => real.must(leavings), { timeout: 15_000 }).toBe('')
})

/** @param words what the script does right before or after its next command of that name on those arguments */
async function meanwhile(moment: string, command: string, words: string): Promise<void> {
  const [name = '', from = '*', to = '*'] = command.split(' ')
  await real.must(`cat >/run/${moment}-${name}`, {
    input: new TextEncoder().encode(
      `case "$*" in *${from}\\ *${to}) rm /run/${moment}-${name}; ${words} ;; esac\n`,
    ),
  })
}
const overwritten = `printf theirs >${file}`
const replaced = `printf theirs >${file}.new; command mv ${file}.new ${file}`
const written = () => writeStep(host, file, 'new')
const created = (): Step => ({ kind: 'create', path: file, after: contentOf('new'), secret: false })
const deleted = async (): Promise<Step> => ({
  kind: 'delete',
  path: file,
  before: await imageOf(host, file),
  secret: false,
})
const make = (step: Step, holds = true) =>
  workbench([host]).make({
    steps: [step],
    prove: () =>
      Promise.resolve({ ok: true, value: { holds, evidence: [], missing: ['as the test wants'] } }),
  })
const left = {
  kind: 'unknown',
  problem: {
    code: 'change.rollbackIncomplete',
    detail: `changed by somebody else meanwhile, and left as it is: ${file}`,
  },
}
const content = () => real.must(`cat ${file}; ls -A /srv/t`)
const theirs = 'theirsf\n'

describe('what somebody else writes while a change is made', () => {
  it.each([
    ['into a file that is about to be replaced', written, 'mv /after /f'],
    ['into a file that is about to go', deleted, 'mv /f /before'],
  ])('%s stays, and is told', async (_, step, command) => {
    await meanwhile('before', command, overwritten)
    expect(await make(await step())).toMatchObject(left)
    expect(await content()).toBe(theirs)
  })

  it('stays when the change dies before it could look again', async () => {
    await meanwhile('before', 'mv /after /f', overwritten)
    await meanwhile('after', 'mv /after /f', 'kill -9 $$')
    expect(await make(await written())).toMatchObject(left)
    expect(await content()).toBe(theirs)
  })
})

describe('what somebody else writes while a change is taken back', () => {
  it('into the file that is about to be put back stays, and is told', async () => {
    await meanwhile('before', 'mv /before /f', overwritten)
    expect(await make(await written(), false)).toMatchObject(left)
    expect(await content()).toBe(theirs)
  })

  it('into a file that is about to be no more stays, and is told', async () => {
    await real.must(`rm ${file}`)
    await meanwhile('before', 'mv /f /gone', overwritten)
    expect(await make(created(), false)).toMatchObject(left)
    expect(await content()).toBe(theirs)
  })

  it('under the name of a file that is about to be back stays, and is told', async () => {
    await meanwhile('before', 'ln /before /f', replaced)
    expect(await make(await deleted(), false)).toMatchObject(left)
    expect(await content()).toBe(theirs)
  })

  it('stays when the taking back dies before it could look again', async () => {
    await meanwhile('before', 'mv /before /f', overwritten)
    await meanwhile('after', 'mv /before /f', 'kill -9 $$')
    expect(await make(await written(), false)).toMatchObject(left)
    expect(await content()).toBe(theirs)
  })
})
