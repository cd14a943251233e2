import type { Page } from '@playwright/test'
import { z } from 'zod'
import { decode } from '../../shared/codec'
import { practice } from '../lab/practice/practice'
import { crashHostProcess } from './crash'
import { expect, test } from './fixture'
import { HistoryPage } from './pages/history-page'
import { ServicesPage } from './pages/services-page'
import { ChangeDialog, Window } from './pages/window'
import { homeWith } from './user'

const harbor = () => practice().host('harbor')
const file = '/etc/xinetd.d/status'
const readFile = async () => decode(await harbor().readFile(file))
const home = () => {
  const { name, address, hostKeys } = harbor()
  return homeWith(practice().lab, [{ name, address, hostKeys }])
}

let before = ''
test.beforeEach(async () => {
  before = await readFile()
})
test.afterEach(async () => {
  await harbor().writeFile(file, before)
  await harbor().sh('kill -CONT "$(cat /run/xinetd.pid)"; kill -HUP "$(cat /run/xinetd.pid)"; sleep 0.3')
})

const plannedSchema = z.object({
  ok: z.literal(true),
  value: z.object({ id: z.string(), digest: z.string() }),
})

/** As in a window that was loaded anew while it was applied: the question whether it stays is asked by no dialog. */
async function beginApplying(page: Page, set: Readonly<Record<string, readonly string[]>>, reason: string) {
  const service = { path: file, id: 'status', occurrence: 0 }
  const intent = { capability: 'superserver', kind: 'editService', reason, service, set }
  const call = (method: string, params: unknown) =>
    page.evaluate(([name, all]) => window.wharfmaster.call(name, all), [method, params] as const)
  const planned = plannedSchema.parse(await call('change.plan', { host: 'harbor', intent }))
  return call('change.apply', { ...planned.value, confirm: 'user' })
}

test('what was changed is listed, found, shown and undone, byte for byte', async ({ launch }) => {
  const { page } = await launch({ home: home() })
  const window = new Window(page)
  const history = new HistoryPage(page)
  const change = new ChangeDialog(page)
  await window.connect('harbor')
  await window.openSection('History')
  await expect(page.getByText('No changes yet')).toBeVisible()
  const applying = beginApplying(page, { port: ['9141'] }, 'Ticket <b>4711</b> \u202ereversed')
  await expect(history.detail).toContainText('It is applied and proved. Keep it?')
  await history.keep.click()
  expect(await applying).toMatchObject({ ok: true, value: { kind: 'proved' } })
  expect(await readFile()).toBe(before.replace('= 9101', '= 9141'))

  // An outcome that no dialog shows is told, and leads here.
  await page.getByRole('button', { name: 'Show in the history' }).click()
  await expect(page.getByRole('tab', { selected: true })).toContainText('History of all hosts')
  await expect(history.detail).toContainText('Ticket <b>4711</b> U+202Ereversed')
  await expect(history.difference).toContainText('port            = 9141')
  await expect(history.outcome).toHaveText('proved')
  await history.search.fill('nowhere')
  await expect(page.getByText('No change has all of these words.')).toBeVisible()
  await history.search.fill('4711 xinetd.d/status')
  await expect(history.entries).toHaveCount(1)

  await history.undo.click()
  await expect(change.files).toContainText('port            = 9101')
  expect(await change.apply()).toBe('proved')
  expect(await readFile()).toBe(before)
  await page.keyboard.press('Escape')
  await expect(history.outcome).toHaveText('undone')
  await expect(history.undo).toHaveCount(0)
  await history.search.fill('')
  await expect(history.entries).toHaveCount(2)
  await history.links.click()
  await expect(history.links).toHaveText('Undoes an earlier change')
  await expect(history.outcome).toHaveText('proved')
  await history.entries.first().press('End')
  await expect(history.outcome).toHaveText('undone')
})

test('the host process dies in the middle: the host takes it back, and the history says so', async ({
  launch,
}) => {
  const { app, page } = await launch({ home: home() })
  const window = new Window(page)
  const services = new ServicesPage(page)
  const change = new ChangeDialog(page)
  const history = new HistoryPage(page)
  await window.connect('harbor')
  await window.openSection('Services')
  await services.choose('status')
  await services.set('port', '9141')
  await services.review()
  // The daemon stands still, so that its proof is waited for.
  await harbor().must('kill -STOP "$(cat /run/xinetd.pid)"')
  await change.begin()
  await expect.poll(readFile).not.toBe(before)
  await crashHostProcess(app)
  expect(await change.ended()).toBe('unknown')
  await expect(change.root.getByTestId('outcome-timer')).toContainText('The host takes it back by itself in')
  await page.keyboard.press('Escape')

  // Nobody is connected: the host does it alone, when its time is over. It is made to be over now.
  await harbor().must('kill -CONT "$(cat /run/xinetd.pid)"')
  await harbor().must(
    'for d in /var/lib/wharfmaster/changes/*/; do [ ! -e "$d/open" ] || echo 0 >"$d/deadline"; done',
  )
  await expect.poll(readFile).toBe(before)

  await page.getByTestId('restart-host-process').click()
  await page.getByTestId('connection-banner').getByRole('button', { name: 'Connect' }).click()
  await expect(page.getByText('The change on harbor was taken back').first()).toBeVisible()
  await page.getByRole('button', { name: 'Show in the history' }).click()
  await expect(history.outcome).toHaveText('taken back')
  await expect(history.difference).toContainText('port            = 9141')
  expect(await readFile()).toBe(before)
})
