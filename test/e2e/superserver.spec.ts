import { z } from 'zod'
import { decode } from '../../shared/codec'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import type { LaunchOptions, RunningApp } from './launch'
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

/** The services of harbor, in a window of its own. */
const opened = async (launch: (options: LaunchOptions) => Promise<RunningApp>, more?: Partial<Known>) => {
  const { page } = await launch({ home: home(more) })
  const window = new Window(page)
  await window.connect('harbor')
  await window.openSection('Services')
  return { page, window, services: new ServicesPage(page), change: new ChangeDialog(page) }
}

/** Somebody whom only_from keeps out. */
const refusedFrom = async (address: string): Promise<void> => {
  const { stdout } = await harbor().sh(`nc -w 3 -s ${address} 127.0.0.1 9101 </dev/null`)
  expect(stdout).toBe('')
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
    const { page, services, change } = await opened(launch)
    await expect(services.row('status')).toContainText('running')
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
      await expect.poll(readFile).not.toBe(before)
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
    const { services, change } = await opened(launch)
    await services.choose('status')
    await services.panel.getByTestId('service-enabled').click()
    await services.review()
    await expect(change.root).toContainText('status')
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9101)).code).not.toBe(0)
    expect(await readFile()).toBe(before.replace('disable         = no', 'disable         = yes'))
  })

  test('a value that the daemon would refuse is refused before anything is written', async ({ launch }) => {
    const { services, change } = await opened(launch)
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
    const { services, change } = await opened(launch)
    await services.choose('status')
    await services.set('instances', '4')
    await services.review()
    const theirs = before.replace('instances       = 10', 'instances       = 11')
    await harbor().writeFile(file, theirs)
    await change.root.getByTestId('change-apply').click()
    await expect(change.problem).toBeVisible()
    expect(await readFile()).toBe(theirs)
  })

  test('a read-only host shows all and changes nothing', async ({ launch }) => {
    const { page, services } = await opened(launch, { readOnly: true })
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

test.describe('everything that listens for others', () => {
  const conf = '/etc/inetd.conf'
  const hasty = '/etc/xinetd.d/hasty'
  let entries = ''
  let status = ''
  test.beforeEach(async () => {
    entries = decode(await harbor().readFile(conf))
    status = await readFile()
  })
  test.afterEach(async () => {
    await harbor().writeFile(conf, entries)
    await harbor().writeFile(file, status)
    await harbor().sh(`rm -f ${hasty}`)
    await harbor().sh('pkill -HUP -x inetd; kill -HUP "$(cat /run/xinetd.pid)"; sleep 0.3')
  })

  test('stands in one table, is sorted and narrowed, and switched together', async ({ launch }) => {
    const { page, services, change } = await opened(launch)
    await expect(services.row('9121')).toContainText('running')
    await expect(services.row('9121')).toContainText('inetd')
    await expect(services.row('9122')).toContainText('disabled')
    await expect(services.row('tide.socket')).toContainText('9131/tcp')
    await expect(services.row('tide.socket').getByRole('checkbox')).toHaveCount(0)

    await page.getByRole('button', { name: 'Sort by Port' }).click()
    const ports = () => services.table.locator('tbody tr td:nth-child(6)').allInnerTexts()
    await expect
      .poll(async () => {
        const numbers = (await ports())
          .filter((text) => text !== '—')
          .map((text) => Number.parseInt(text, 10))
        return numbers.length > 5 && numbers.every((port, at) => at === 0 || port >= (numbers[at - 1] ?? 0))
      })
      .toBe(true)
    await page.getByTestId('grouping').click()
    await page.getByRole('option', { name: 'By holder' }).click()
    await expect(page.getByRole('heading', { level: 3 })).toHaveText([
      /^xinetd\s*\d+ services$/,
      /^inetd\s*3 services$/,
      /^systemd\s*1 service$/,
    ])
    await page.getByRole('button', { name: /^inetd/ }).click()
    await expect(services.row('status')).toHaveCount(0)
    await expect(page.getByRole('heading', { level: 3 })).toHaveCount(1)
    await page.getByRole('button', { name: /^All \d/ }).click()

    await services.select('status')
    await services.select('9121')
    await expect(page.getByTestId('selected')).toHaveText('2 selected')
    await services.bulk('disable')
    await expect(change.files).toContainText([file, conf])
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9101)).code).not.toBe(0)
    expect((await answerOn(9121)).code).not.toBe(0)
    expect(decode(await harbor().readFile(conf))).toBe(entries.replace('\n9121', '\n#<off># 9121'))
    await page.keyboard.press('Escape')
    await expect(services.row('9121')).toContainText('disabled')

    await page.getByRole('button', { name: 'Control xinetd' }).click()
    await page.getByRole('menuitem', { name: 'No longer at boot' }).click()
    await expect(change.commands).toContainText('systemd xinetd disable')
    await page.keyboard.press('Escape')
  })

  test('an entry of inetd.conf is edited by its columns, and inetd answers on the new port', async ({
    launch,
  }) => {
    const { services, change } = await opened(launch)
    await services.choose('9121')
    await services.set('service', '9124')
    await expect(services.text).toContainText('9124\tstream')
    await services.set('wait', 'perhaps')
    await expect(services.panel.getByTestId('problem')).toContainText('inetd would take the entry otherwise')
    await services.set('wait', 'nowait')
    await expect(services.panel.getByTestId('problem')).toHaveCount(0)
    await services.review()
    await expect(change.commands).toContainText('kill -HUP')
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9124)).stdout).toContain('UTC')
    expect((await answerOn(9121)).code).not.toBe(0)
    expect(decode(await harbor().readFile(conf))).toBe(entries.replace('9121', '9124'))
  })

  test('form and text are one draft, and the text shows what the daemon would not take', async ({
    launch,
  }) => {
    const { services, change } = await opened(launch)
    await services.choose('status')
    await services.set('nice', 'much')
    await expect(services.text).toContainText(/nice\s+= much/)
    await expect(services.panel.getByTestId('findings')).toContainText('xinetd does not accept much for nice')
    await services.set('nice', '5')
    await expect(services.panel.getByTestId('findings')).toHaveCount(0)

    await services.typeText((text) => text.replace('instances       = 10', 'instances       = 7'))
    await expect(services.field('instances')).toHaveValue('7')
    await expect(services.field('nice')).toHaveValue('5')
    await services.set('per_source', '3')
    await services.panel
      .getByTestId('service-comment')
      .locator('textarea')
      .or(services.panel.locator('textarea[data-testid="service-comment"]'))
      .fill('# 新的注释\nfor the wall screen')
    await services.panel.getByRole('heading', { name: 'status' }).click()
    await services.review()
    expect(await change.apply()).toBe('proved')
    const now = await readFile()
    expect(now).toContain('instances       = 7')
    expect(now).toMatch(/per_source\s+= 3/)
    expect(now).toMatch(/nice\s+= 5/)
    expect(now.startsWith('# 新的注释\n# for the wall screen\nservice status')).toBe(true)
  })

  test('defaults, files, port names and TCP wrappers are edited with the care of a service', async ({
    launch,
  }) => {
    const main = '/etc/xinetd.conf'
    const paths = [main, '/etc/hosts.deny'] as const
    const before = new Map<string, Uint8Array>()
    for (const path of paths) before.set(path, await harbor().readFile(path))
    const now = async (path: string) => decode(await harbor().readFile(path))
    const conf = await now(main)
    const { page, services, change } = await opened(launch)
    try {
      await services.openDefaults()
      await expect(services.attribute('instances')).toContainText('taken by 4')
      await services.set('cps', '20 x')
      await expect(services.panel.getByTestId('findings')).toContainText('xinetd ends itself')
      await services.review()
      await expect(change.problem).toContainText('With this change xinetd would end')
      await page.keyboard.press('Escape')
      await services.set('cps', '40 5')
      await services.review()
      expect(await change.apply()).toBe('proved')
      await expect(change.root).toContainText('defaults: Instances = 60, CPS = max conn:40 wait:5')
      expect(await now(main)).toBe(conf.replace('= 25 30', '= 40 5'))
      await page.keyboard.press('Escape')

      await services.view('files')
      await expect(services.row('status.before-2019')).toContainText('passed over: a dot in its name')
      await expect(services.row('/etc/inetd.conf')).toContainText('read by inetd')
      await services.row(main).click()
      // The host is read anew after a change; what is typed before that stands on the old file, and is a conflict.
      await expect(services.panel).toContainText('= 40 5')
      await services.typeText((text) => text.replace('= 40 5', '= 25 30').replace('= 60', '= many'))
      await expect(services.panel.getByTestId('findings')).toContainText('line 6')
      await expect(services.panel.getByTestId('problem')).toContainText('With this change xinetd would end')
      await services.typeText((text) => text.replace('= many', '= 60'))
      await expect(services.panel.getByTestId('problem')).toHaveCount(0)
      await services.review()
      expect(await change.apply()).toBe('proved')
      expect(await now(main)).toBe(conf)
      await page.keyboard.press('Escape')

      await services.view('names')
      await page.getByTestId('new-name').click()
      await services.set('name', 'tide')
      await services.set('port', '9205')
      await services.review()
      await expect(change.files).toContainText('/etc/services')
      await expect(change.files).toContainText('9205/tcp')
      await page.keyboard.press('Escape')

      await services.view('wrappers')
      await services.addRule('/etc/hosts.deny', 'uptime', '127.0.0.1')
      await page.getByLabel('Address of a client').fill('127.0.0.1')
      await page.getByLabel('Program', { exact: true }).fill('uptime')
      await expect(page.getByTestId('wrappers-decision')).toContainText('Is refused')
      await services.addRule('/etc/hosts.deny', 'sshd', 'ALL')
      await expect(page.getByTestId('foreseen')).toContainText('sshd would refuse')
      await page.getByLabel('Remove rule 2').click()
      await expect(page.getByTestId('foreseen')).toHaveCount(0)
      // What is typed in one view stands while another is looked at.
      await services.view('files')
      await services.view('wrappers')
      await services.review()
      expect(await change.apply()).toBe('proved')
      expect((await answerOn(9101)).stdout).toBe('')
    } finally {
      for (const [path, bytes] of before) await harbor().writeFile(path, decode(bytes))
    }
  })

  test('who gets in is said as the daemon does it, and who came as it logs it', async ({ launch }) => {
    const elsewhere = practice().host('jump1')
    const { page } = await launch({ home: homeWith(practice().lab, [harbor(), elsewhere]) })
    const window = new Window(page)
    const services = new ServicesPage(page)
    const verdict = services.panel.getByTestId('admission-verdict')
    await refusedFrom('127.0.0.78')
    await harbor().writeFile(
      hasty,
      'service hasty\n{\n\ttype = UNLISTED\n\tsocket_type = stream\n\tprotocol = tcp\n\tport = 9145\n\twait = no\n\tuser = nobody\n\tserver = /bin/true\n\tcps = 1 8\n}\n',
    )
    await harbor().must(
      `kill -HUP "$(cat /run/xinetd.pid)"; until ss -Hltn 'sport = :9145' | grep -q .; do sleep 0.05; done; for i in 1 2 3; do nc -w 1 127.0.0.1 9145 </dev/null; done; true`,
    )
    await window.connect('jump1')
    await window.connect('harbor')
    await window.openSection('Services')
    await expect(services.row('status')).toContainText('127.0.0.78', { timeout: 30_000 })
    await expect(services.row('hasty')).toContainText(/suspended by cps until \d/)
    await services.choose('status')
    await services.panel.getByTestId('view-connections').click()
    const client = services.panel
      .getByTestId('admission-address')
      .locator('input')
      .or(services.panel.locator('input[data-testid="admission-address"]'))
    await client.fill('203.0.113.5')
    await expect(verdict).toContainText('Is refused')
    await expect(verdict).toContainText('only_from')
    await client.fill('127.0.0.1')
    await expect(verdict).toContainText('Gets in')
    expect((await answerOn(9101)).stdout).toContain('load average')
    await expect(services.panel.getByTestId('connection-steps')).toContainText('setuid nobody')
    await expect(services.panel.getByTestId('connection-steps')).toContainText('starts /usr/bin/uptime')

    await services.panel.getByTestId('talk').click()
    await expect(services.panel.getByTestId('talk-answer')).toContainText('load average')
    await expect(services.panel.getByTestId('talk-answer')).toContainText('closed after')
    await expect(services.panel.getByTestId('talk-log')).toContainText(/127\.0\.0\.1\s*let in/)
    for (const [from, source] of [
      ['jump1', elsewhere.address],
      ['this computer, directly', /198\.1[89]\.\d+\.\d+/],
    ] as const) {
      await services.panel.getByTestId('talk-from').click()
      await page.getByRole('option', { name: from }).click()
      await expect(services.panel.getByRole('textbox', { name: 'Address', exact: true })).toHaveValue(
        harbor().address,
      )
      await services.panel.getByTestId('talk').click()
      await expect(services.panel.getByTestId('talk-log')).toContainText(source)
      await expect(services.panel.getByTestId('talk-log')).toContainText('let in')
    }
    await services.panel.getByTestId('talk-judge').click()
    await expect(client).toHaveValue(/^198\.1[89]\./)
    await expect(verdict).toContainText('Gets in')

    await services.panel.getByTestId('view-log').click()
    const connections = services.panel.getByTestId('connection')
    await expect(connections.first()).toContainText('let in')
    await expect(services.panel.getByTestId('log-live')).toBeVisible()
    await refusedFrom('127.0.0.77')
    await expect(connections.first()).toContainText(/127\.0\.0\.77\s*refused: by its address/)
    await services.panel.getByTestId('log-add').click()
    await expect(services.text).toContainText(/log_on_success\s+= HOST PID EXIT DURATION/)
    await expect(services.row('hasty'), 'the pause has ended').toContainText('running', { timeout: 40_000 })

    await services.panel.getByTestId('view-settings').click()
    await services.set('no_access', '127.0.0.0/8')
    await services.panel.getByTestId('view-connections').click()
    await client.fill('127.0.0.1')
    await expect(verdict).toContainText('Is refused')
    await expect(verdict).toContainText('no_access')
  })

  test('a redirection leads to the candidate that answers', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    const window = new Window(page)
    const services = new ServicesPage(page)
    const change = new ChangeDialog(page)
    const kept = await harbor().readFile('/etc/xinetd.d/web-entry')
    await window.connect('harbor')
    await window.openSection('Services')
    await services.choose('web-entry')
    const redirect = services.panel.getByTestId('redirect')
    await expect(redirect.locator('[data-target="127.0.0.1 8080"]')).toContainText('no connection')
    await redirect.getByRole('textbox').fill('127.0.0.1:9102')
    await redirect.getByRole('button', { name: 'Add' }).click()
    const candidate = redirect.locator('[data-target="127.0.0.1 9102"]')
    await expect(candidate).toContainText('connected in')
    await candidate.getByTestId('redirect-lead').click()
    await expect(change.files).toContainText('/etc/xinetd.d/web-entry')
    expect(await change.apply()).toBe('proved')
    const { stdout } = await answerOn(9102)
    expect((await answerOn(9103)).stdout).toBe(stdout)
    await page.keyboard.press('Escape')
    await expect(redirect.locator('[data-target="127.0.0.1 8080"]')).toContainText('Lead here')
    expect(decode(await harbor().readFile('/etc/xinetd.d/web-entry'))).toContain(
      '# candidates: 127.0.0.1 8080, 127.0.0.1 9102\nservice web-entry',
    )
    await harbor().writeFile('/etc/xinetd.d/web-entry', kept)
  })

  test('a redirection leads elsewhere by itself, and the host says when it did', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    const window = new Window(page)
    const services = new ServicesPage(page)
    const change = new ChangeDialog(page)
    const entry = '/etc/xinetd.d/web-entry'
    const name = 'wharfmaster-failover-web-entry'
    const kept = await harbor().readFile(entry)
    const candidates = '# candidates: 127.0.0.1 8080, 127.0.0.1 9102\nservice web-entry'
    await harbor().writeFile(entry, decode(kept).replace('service web-entry', candidates))
    try {
      await window.connect('harbor')
      await window.openSection('Services')
      await services.choose('web-entry')
      const failover = services.panel.getByTestId('failover')
      await failover.getByTestId('failover-open').click()
      for (const of of ['Ask every', 'Leave after']) {
        await failover.getByRole('spinbutton', { name: of }).fill('1')
        await failover.getByRole('spinbutton', { name: of }).blur()
      }
      await failover.getByTestId('failover-review').click()
      for (const [file, line] of [
        [`/usr/local/sbin/${name}`, '# One round: is the'],
        [`/etc/systemd/system/${name}.timer`, 'OnUnitActiveSec=1'],
      ] as const)
        await expect(change.files.filter({ has: page.getByText(file, { exact: true }) })).toContainText(line)
      expect(await change.apply()).toBe('proved')
      await expect
        .poll(async () => decode(await harbor().readFile(entry)))
        .toMatch(/redirect\t= 127\.0\.0\.1 9102\n/)
      const { stdout } = await answerOn(9102)
      expect((await answerOn(9103)).stdout).toBe(stdout)
      await page.keyboard.press('Escape')
      await expect(failover.getByTestId('failover-state')).toHaveText('on')
      await page.getByRole('button', { name: 'Refresh' }).click()
      await expect(failover.getByTestId('failover-report')).toContainText(
        'from 127.0.0.1 8080 to 127.0.0.1 9102',
      )
      await failover.getByTestId('failover-off').click()
      expect(await change.apply()).toBe('proved')
      expect((await harbor().sh(`find /etc /usr/local /run -name '*${name}*'`)).stdout).toBe('')
    } finally {
      await harbor().writeFile(entry, kept)
    }
  })

  test('a script stands behind a port in a minute, and is taken away again', async ({ launch }) => {
    const { page, services, change } = await opened(launch)
    await page.getByTestId('new-service').click()
    const form = page.getByRole('dialog', { name: 'New service' })
    await form.getByRole('textbox', { name: 'Name' }).fill('crane')
    await form.getByRole('textbox', { name: 'Script' }).fill('#!/bin/sh\necho crane 3 is up')
    await form.getByRole('spinbutton').fill('9101')
    await form.getByRole('spinbutton').blur()
    await expect(form).toContainText('xinetd listens there.')
    await expect(page.getByTestId('new-service-review')).toBeDisabled()
    await form.getByRole('spinbutton').fill('9140')
    await form.getByRole('spinbutton').blur()
    await expect(form).toContainText('Nothing listens there.')
    await form.getByRole('textbox', { name: 'Who gets in' }).fill('127.0.0.0/8')
    await page.getByTestId('new-service-review').click()
    await expect(change.files.first()).toBeVisible()
    await expect(change.files).toContainText(['/usr/local/sbin/crane', '/etc/xinetd.d/crane'])
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9140)).stdout).toBe('crane 3 is up\n')
    await page.keyboard.press('Escape')

    await services.choose('crane')
    await services.panel.getByTestId('service-more').click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByRole('textbox', { name: 'New name' }).fill('status')
    await expect(page.getByTestId('findings')).toContainText('There is a file /etc/xinetd.d/status already.')
    await page.getByRole('textbox', { name: 'New name' }).fill('hoist')
    await page.getByTestId('naming-review').click()
    await expect(change.files.first()).toBeVisible({ timeout: 20_000 })
    await expect(change.files).toContainText(['/etc/xinetd.d/hoist', '/etc/xinetd.d/crane'])
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9140)).stdout).toBe('crane 3 is up\n')
    await page.keyboard.press('Escape')

    await services.choose('hoist')
    await services.panel.getByTestId('service-remove').click()
    await expect(change.files.first()).toBeVisible()
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9140)).code).not.toBe(0)
    expect((await harbor().sh('ls /etc/xinetd.d | grep -E "crane|hoist"')).stdout).toBe('')
    await harbor().sh('rm -f /usr/local/sbin/crane')
  })

  test('entries of inetd.conf move to xinetd, and services of xinetd to systemd, after each is seen', async ({
    launch,
  }) => {
    const { page, services, change } = await opened(launch)
    await expect(services.row('9121')).toContainText('running')
    await services.select('9121')
    await page.getByTestId('bulk-convert').click()
    const seen = page.getByTestId('conversion')
    await expect(seen).toContainText('/etc/xinetd.d/')
    await expect(seen).toContainText('NOLIBWRAP')
    await page.getByTestId('convert-review').click()
    await expect(change.files.first()).toBeVisible()
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9121)).stdout).toContain('UTC')
    expect((await harbor().sh("ss -Hltnp 'sport = :9121'")).stdout).toContain('"xinetd"')
    await page.keyboard.press('Escape')

    await services.select('status')
    await services.select('web-entry')
    await page.getByTestId('bulk-systemd').click()
    await expect(seen).toHaveCount(2)
    await expect(seen.filter({ hasText: 'web-entry' })).toContainText('cannot be converted')
    await expect(seen.filter({ hasText: 'status' })).toContainText('/etc/systemd/system/status.socket')
    await expect(seen.filter({ hasText: 'status' })).toContainText('hosts.allow and hosts.deny are not asked')
    await page.getByTestId('systemd-review').click()
    await expect(change.files.first()).toBeVisible({ timeout: 20_000 })
    await expect(change.commands).toContainText('systemctl enable --now')
    expect(await change.apply()).toBe('proved')
    expect((await answerOn(9101)).stdout).toContain('load average')
    expect((await harbor().sh("ss -Hltnp 'sport = :9101'")).stdout).toContain('"systemd",pid=1,')
    await page.keyboard.press('Escape')
    await expect(services.row('status.socket')).toContainText('9101/tcp')
    await expect(services.row('status')).toContainText('disabled')
    await harbor().must(
      'systemctl disable --now status.socket && rm /etc/systemd/system/status.socket /etc/systemd/system/status@.service && systemctl daemon-reload',
    )
    // xinetd gives the port up before inetd is to have it again.
    await harbor().must(
      `grep -l inetd.conf /etc/xinetd.d/* | xargs -r rm; kill -HUP "$(cat /run/xinetd.pid)"; i=0; while ss -Hltn 'sport = :9121' | grep -q . && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done`,
    )
  })
})

test('xinetd is installed on a host that has none, and that this cannot be taken back is said', async ({
  launch,
}) => {
  const host = practice().host('jump3')
  const sources = decode(await host.readFile('/etc/apt/sources.list'))
  await host.must(
    `dpkg --purge xinetd >/dev/null 2>&1; rm -rf /etc/xinetd.d; echo 'deb [trusted=yes] file:/opt/packages ./' >/etc/apt/sources.list; apt-get -qq update`,
  )
  try {
    const { page } = await launch({ home: homeWith(practice().lab, [host]) })
    const change = new ChangeDialog(page)
    await new Window(page).connect('jump3')
    await new Window(page).openSection('Services')
    await page.getByTestId('install-xinetd').click()
    await expect(change.commands).toContainText('apt-get -y -q --no-install-recommends --no-remove')
    await expect(change.root).toContainText('This change cannot be taken back.')
    await expect(change.root.getByTestId('assurance')).toHaveCount(0)
    await page.getByRole('checkbox', { name: 'I understand that this cannot be taken back' }).click()
    expect(await change.apply()).toBe('proved')
    await expect(change.root).toContainText(/xinetd 2\.3\.15\.\d is installed/)
    await host.must('kill -0 "$(cat /run/xinetd.pid)"')
  } finally {
    await host.writeFile('/etc/apt/sources.list', sources)
    await host.must('systemctl disable --now xinetd')
  }
})
