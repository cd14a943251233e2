import { readFileSync } from 'node:fs'
import path from 'node:path'
import { decode } from '../../shared/codec'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
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
/** Whether xinetd answers on the host itself. */
const answersOn = async (port: number) =>
  (await harbor().sh(`nc -w 3 127.0.0.1 ${port} </dev/null`)).stdout.includes('load average')
const leftBehind = async () =>
  (
    await harbor().must(
      'find /etc/xinetd.d -name ".wharfmaster*"; ls /etc/systemd/system | grep wharfmaster; true',
    )
  ).trim()

let before = ''
test.beforeEach(async () => {
  before = await readFile()
})
test.afterEach(async () => {
  await harbor().writeFile(file, before)
  await harbor().sh('kill -CONT "$(cat /run/xinetd.pid)"; kill -HUP "$(cat /run/xinetd.pid)"; sleep 0.3')
})

test('a change that is kept only if the user says so: kept, and taken back', async ({ launch }) => {
  const { page } = await launch({ home: home() })
  const window = new Window(page)
  const services = new ServicesPage(page)
  const change = new ChangeDialog(page)
  await window.connect('harbor')
  await window.openSection('Services')
  await services.choose('status')
  await services.set('port', '9141')
  await services.review()
  await expect(change.root.getByTestId('assurance')).toHaveAttribute('data-assurance', 'restart')
  await change.onlyIfConfirmed.click()
  await change.begin()
  await expect(change.question).toContainText('status tcp/9141')
  await expect(change.countdown).toHaveText(/^[1-3]:[0-5]\d$/)
  const shown = await change.countdown.textContent()
  await expect(change.countdown, 'it counts').not.toHaveText(shown ?? '')
  // No key that was meant for something else answers.
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(change.question).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(change.keep).toBeFocused()
  await page.keyboard.press('Enter')
  expect(await change.ended()).toBe('proved')
  const kept = before.replace('= 9101', '= 9141')
  expect(await readFile()).toBe(kept)
  expect(await answersOn(9141)).toBe(true)
  expect(await leftBehind()).toBe('')
  await page.keyboard.press('Escape')

  await services.set('port', '9142')
  await services.review()
  await change.onlyIfConfirmed.click()
  await change.begin()
  await change.question.waitFor()
  expect(await answersOn(9142), 'it is in force while the question stands').toBe(true)
  await change.takeBack.click()
  expect(await change.ended()).toBe('rolledBack')
  await expect(change.outcome).toContainText('You cancelled it')
  expect(await readFile()).toBe(kept)
  expect(await answersOn(9141)).toBe(true)
  expect(await answersOn(9142)).toBe(false)
  expect(await leftBehind()).toBe('')
})

test('a change is read as a script first, and taken back when it is cancelled while it is made', async ({
  launch,
}) => {
  const { app, page, home: folder } = await launch({ home: home() })
  const window = new Window(page)
  const services = new ServicesPage(page)
  const change = new ChangeDialog(page)
  await window.connect('harbor')
  await window.openSection('Services')
  await services.choose('status')
  await services.set('port', '9141')
  await services.review()

  await change.root.getByTestId('change-export').click()
  await expect(change.script).toContainText(file)
  const target = path.join(folder, 'ticket.sh')
  // The system's own dialog cannot be worked from here: what it answers is put in its place.
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, target)
  await change.root.getByTestId('script-save').click()
  await expect(page.getByText(`Saved as ${target}`).first()).toBeVisible()
  const script = readFileSync(target, 'utf8')
  expect(await change.script.textContent()).toBe(script)
  await harbor().writeFile('/tmp/ticket.sh', script)
  await harbor().must('sh -n /tmp/ticket.sh')
  await page.keyboard.press('Escape')
  await expect(change.script).toHaveCount(0)
  expect(await readFile(), 'nothing is written by reading').toBe(before)

  // The daemon stands still, so that its proof is waited for.
  await harbor().must('kill -STOP "$(cat /run/xinetd.pid)"')
  await change.begin()
  await expect(change.root.getByTestId('change-armed')).toContainText('The host takes it back by itself in')
  // The switch is armed before the first write: the file follows.
  await expect.poll(readFile).toBe(before.replace('= 9101', '= 9141'))
  await expect(change.takeBack).toHaveText('Cancel and take back')
  await change.takeBack.click()
  await harbor().must('kill -CONT "$(cat /run/xinetd.pid)"')
  expect(await change.ended()).toBe('rolledBack')
  expect(await readFile()).toBe(before)
  expect(await answersOn(9101)).toBe(true)
  expect(await leftBehind()).toBe('')
  await harbor().must('rm /tmp/ticket.sh')
})
