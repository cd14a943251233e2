import { z } from 'zod'
import { decode } from '../../shared/codec'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { Palette } from './pages/shell'
import { ChangeDialog, Window } from './pages/window'
import { ServicesPage } from './pages/services-page'
import { homeWith, type Known } from './user'

const harbor = () => practice().host('harbor')
const file = '/etc/xinetd.d/status'
const readFile = async () => decode(await harbor().readFile(file))
const home = (more: Partial<Known> = {}) => {
  const { name, address, hostKeys } = harbor()
  return homeWith(practice().lab, [{ name, address, hostKeys, ...more }])
}

const plannedSchema = z.object({
  ok: z.literal(true),
  value: z.object({ id: z.string(), digest: z.string() }),
})

/** What xinetd answers on the host itself. */
const answerOn = (port: number) =>
  harbor()
    .sh(`nc -w 3 127.0.0.1 ${port} </dev/null`)
    .then(({ code, stdout }) => ({ code, stdout }))

test.describe('services of a host', () => {
  let before = ''
  test.beforeEach(async () => {
    before = await readFile()
  })
  test.afterEach(async () => {
    await harbor().writeFile(file, before)
    await harbor().sh('kill -HUP "$(cat /run/xinetd.pid)"; sleep 0.3')
  })

  test('a port changed in the window is the port on which the daemon answers', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    const window = new Window(page)
    const services = new ServicesPage(page)
    const change = new ChangeDialog(page)
    await window.connect('harbor')
    await window.openSection('Services')
    await expect(services.row('status')).toContainText('running', { timeout: 30_000 })
    expect((await answerOn(9101)).stdout).toContain('load average')
    expect((await answerOn(9141)).code).not.toBe(0)
    const daemon = await harbor().sh('cat /run/xinetd.pid')

    await services.choose('status')
    await services.set('port', '9141')
    await services.review()
    await expect(change.files).toContainText(file)
    await expect(change.files).toContainText('port            = 9101')
    await expect(change.files).toContainText('port            = 9141')
    await expect(change.commands).toContainText('kill -HUP')
    expect(await readFile(), 'nothing is written before it is applied').toBe(before)

    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9141)).stdout).toContain('load average')
    expect((await answerOn(9101)).code).not.toBe(0)
    expect(await readFile()).toBe(before.replace('= 9101', '= 9141'))
    expect(await harbor().sh('cat /run/xinetd.pid'), 'the same daemon').toEqual(daemon)
    await page.keyboard.press('Escape')
    await expect(services.row('status')).toContainText('9141/tcp')
  })

  test('a host that is being changed is not left, and that is said', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    await new Window(page).connect('harbor')
    const services = [{ path: file, id: 'status', occurrence: 0 }]
    const intent = { capability: 'superserver', reason: '', kind: 'disableServices', services }
    const planned = plannedSchema.parse(
      await page.evaluate((params) => window.wharfmaster.call('change.plan', params), {
        host: 'harbor',
        intent,
      }),
    )
    // The daemon stands still, so that its proof is waited for; then the change is taken back.
    await harbor().sh('kill -STOP "$(cat /run/xinetd.pid)"')
    try {
      const applying = page.evaluate(
        (params) => window.wharfmaster.call('change.apply', params),
        planned.value,
      )
      await expect.poll(readFile, { timeout: 20_000 }).not.toBe(before)
      await new Palette(page).run('disconnect', 'Disconnect')
      await expect(page.getByText('A change is being made on this host.').first()).toBeVisible()
      await expect(page.getByTestId('host-name')).toHaveText('harbor')
      await harbor().sh('kill -CONT "$(cat /run/xinetd.pid)"')
      expect(await applying).toMatchObject({ ok: true })
    } finally {
      await harbor().sh('kill -CONT "$(cat /run/xinetd.pid)"')
    }
  })

  test('a service switched off stops answering, and its comments stay', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    const window = new Window(page)
    const services = new ServicesPage(page)
    const change = new ChangeDialog(page)
    await window.connect('harbor')
    await window.openSection('Services')
    await services.choose('status')
    await services.panel.getByTestId('service-enabled').click()
    await services.review()
    await expect(change.root).toContainText('status')
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9101)).code).not.toBe(0)
    expect(await readFile()).toBe(before.replace('disable         = no', 'disable         = yes'))
  })

  test('a value that the daemon would refuse is refused before anything is written', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    const services = new ServicesPage(page)
    const change = new ChangeDialog(page)
    const window = new Window(page)
    await window.connect('harbor')
    await window.openSection('Services')
    await services.choose('status')
    await services.set('instances', 'many')
    await services.review()
    await expect(change.problem).toContainText('xinetd would not take this value of instances, “many”')
    expect(await readFile()).toBe(before)
    expect((await answerOn(9101)).stdout).toContain('load average')
  })

  test('what is edited behind the app’s back is a conflict, and nothing is overwritten', async ({
    launch,
  }) => {
    const { page } = await launch({ home: home() })
    const services = new ServicesPage(page)
    const change = new ChangeDialog(page)
    const window = new Window(page)
    await window.connect('harbor')
    await window.openSection('Services')
    await services.choose('status')
    await services.set('instances', '4')
    await services.review()
    const theirs = before.replace('instances       = 10', 'instances       = 11')
    await harbor().writeFile(file, theirs)
    await change.root.getByTestId('change-apply').click()
    await expect(change.problem).toBeVisible({ timeout: 20_000 })
    expect(await readFile()).toBe(theirs)
  })

  test('a read-only host shows all and changes nothing', async ({ launch }) => {
    const { page } = await launch({ home: home({ readOnly: true }) })
    const services = new ServicesPage(page)
    const window = new Window(page)
    await window.connect('harbor')
    await window.openSection('Services')
    await services.choose('status')
    await expect(services.field('port')).toBeDisabled()
    // Past the window, too: the host process itself refuses.
    const answer = await page.evaluate(async (path) => {
      const intent = {
        capability: 'superserver',
        kind: 'editService',
        service: { path, id: 'status', occurrence: 0 },
        set: { port: ['9142'] },
      }
      const planned = await globalThis.window.wharfmaster.call('change.plan', { host: 'harbor', intent })
      if (typeof planned !== 'object' || planned === null || !('value' in planned)) return planned
      return globalThis.window.wharfmaster.call('change.apply', planned.value)
    }, file)
    expect(answer).toMatchObject({ ok: false, problem: { code: 'app.readOnly' } })
    expect(await readFile()).toBe(before)
  })
})
