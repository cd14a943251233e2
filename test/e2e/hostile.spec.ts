import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import ssh2 from 'ssh2'
import type { Profile } from '../../shared/contract'
import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { hostileNames, hostileOutput, madeHere, mark, watch } from './hostile'
import { newHome } from './launch'
import { Window } from './pages/window'
import { ServicesPage } from './pages/services-page'
import { homeWith } from './user'

const file = `/tmp/${mark}`
const harbor = () => practice().host('harbor')
/** A lone surrogate cannot be written as UTF-8. */
const isText = (name: string): boolean => !/\p{Surrogate}/u.test(name)
const madeOnHost = async () =>
  (await harbor().sh(`ls -d ${file}* /${mark}* /root/${mark}* 2>/dev/null`)).stdout

const profile = (id: string, name: string, address: string, port: number): Profile => ({
  id,
  name,
  address,
  port,
  user: 'root',
  auth: [{ kind: 'keyboard-interactive' }],
  jumps: [],
  group: name,
  tags: [name.slice(0, 64)],
  readOnly: false,
  legacy: false,
  keepalive: false,
})

test('there are at least a hundred hostile strings, all different', () => {
  expect(new Set(hostileNames(file)).size).toBeGreaterThanOrEqual(100)
})

test('names of hosts, groups and tags are text', async ({ launch }) => {
  const names = hostileNames(file).filter((name) => isText(name))
  const { page } = await launch({ home: newHome() })
  const happened = await watch(page)
  const wanted = names.map((name, index) =>
    profile(`h${String(index)}`, name.slice(0, 128), '198.18.0.1', 22),
  )
  const saved = await page.evaluate(async (all) => {
    const answers: unknown[] = []
    for (const one of all)
      answers.push(await globalThis.window.wharfmaster.call('profile.save', { profile: one }))
    return answers
  }, wanted)
  for (const [index, answer] of saved.entries()) expect(answer, names[index]).toMatchObject({ ok: true })
  expect(saved).toHaveLength(names.length)
  const tree = page.getByTestId('host-tree')
  await expect(tree).toContainText(scriptTag)
  await page.getByTestId('host-search').fill('<img')
  await expect(tree).toContainText('<img src=x')
  await tree.getByText('<img src=x', { exact: false }).last().hover()
  await page.keyboard.press('Control+k')
  await page.keyboard.insertText('<svg')
  await expect(page.getByTestId('palette')).toContainText('<svg')
  await page.keyboard.press('Escape')
  expect(await happened()).toEqual([])
  expect(madeHere()).toEqual([])
})

const scriptTag = `<script>globalThis.${mark}=1</script>`

test('names of files and services are text, and arguments', async ({ launch }) => {
  const names = hostileNames(file).filter(
    (name) => /^[^\s/.{}#~]+$/.test(name) && isText(name) && Buffer.byteLength(name) < 200,
  )
  const files = hostileNames(file)
    .map((name) => name.replaceAll('/', '∕').replaceAll('.', '·').replaceAll('~', '∼'))
    .filter((name) => isText(name) && Buffer.byteLength(name) < 200)
  const service = (name: string, port: number) =>
    `service ${name}\n{\n  type = UNLISTED\n  socket_type = stream\n  protocol = tcp\n  port = ${String(port)}\n  wait = no\n  user = nobody\n  server = /bin/true\n  server_args = ${name}\n  disable = yes\n}\n`
  const written = new Map(files.map((name, index) => [name, service(`file${String(index)}`, 21_000 + index)]))
  written.set('hostile', names.map((name, index) => service(name, 20_000 + index)).join('\n'))
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  await harbor().must(
    'cd /etc/xinetd.d && while read -r name text; do printf %s "$text" | base64 -d > "./$(printf %s "$name" | base64 -d)"; done',
    { input: [...written].map(([name, text]) => `${base64(name)} ${base64(text)}\n`).join('') },
  )
  try {
    const { name, address, hostKeys } = harbor()
    const { page } = await launch({ home: homeWith(practice().lab, [{ name, address, hostKeys }]) })
    const happened = await watch(page)
    const window = new Window(page)
    const services = new ServicesPage(page)
    await window.connect('harbor')
    await window.openSection('Services')
    await expect(services.row('file0')).toBeVisible()
    for (const shown of [names[0], names.at(-1)])
      await expect(services.table).toContainText(shown ?? 'no name')
    await services.choose('file1')

    // The paths go into scripts that run as root: one of each way to leave a quotation is planned and written.
    const ways = ['$(touch', '`touch', "';touch", '";touch', '-rf', '*', "$'"].map((way) =>
      files.findIndex((name) => name.startsWith(way)),
    )
    const pathOf = (index: number) => `/etc/xinetd.d/${files[index] ?? 'none'}`
    const intent = {
      capability: 'superserver',
      kind: 'enableServices',
      services: ways.map((index) => ({ path: pathOf(index), id: `file${String(index)}`, occurrence: 0 })),
      entries: [],
    }
    const answer = await page.evaluate(async (wanted) => {
      const planned = await globalThis.window.wharfmaster.call('change.plan', {
        host: 'harbor',
        intent: wanted,
      })
      if (typeof planned !== 'object' || planned === null || !('value' in planned)) return planned
      return globalThis.window.wharfmaster.call('change.apply', planned.value)
    }, intent)
    expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true, value: { kind: 'proved' } })
    for (const index of ways)
      expect((await harbor().readFile(pathOf(index))).toString()).not.toMatch(/disable\s*= yes/)
    expect(await happened()).toEqual([])
    expect(await madeOnHost()).toBe('')
    expect(madeHere()).toEqual([])
  } finally {
    await harbor().must(
      'cd /etc/xinetd.d && grep -lZ "21[0-9][0-9][0-9]\\|20[0-9][0-9][0-9]" -- * | xargs -0 rm -f --; kill -HUP "$(cat /run/xinetd.pid)"',
    )
  }
})

test("a server's banner, identification and prompts are text", async ({ launch }) => {
  const words = hostileOutput(file).filter((text) => isText(text))
  const perRound = 12
  const rounds = Array.from({ length: Math.ceil(words.length / perRound) }, (_, round) =>
    words.slice(round * perRound, (round + 1) * perRound),
  )
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  let asked = 0
  const server = new ssh2.Server(
    { hostKeys: [privateKey], banner: words.join('\r\n'), ident: `hostile_<img/src=x/onerror=${mark}>` },
    (client) => {
      client.on('error', () => undefined)
      client.on('authentication', (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
        const ask = () => {
          const prompts = rounds[asked]
          if (prompts === undefined) return context.reject()
          asked++
          context.prompt(
            prompts.map((prompt) => ({ prompt, echo: true })),
            prompts[0] ?? '',
            prompts.at(-1) ?? '',
            ask,
          )
        }
        ask()
      })
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const home = newHome()
    const { page } = await launch({ home })
    const happened = await watch(page)
    await page.evaluate(
      (one) => globalThis.window.wharfmaster.call('profile.save', { profile: one }),
      profile('evil', 'evil', '127.0.0.1', port),
    )
    await new Window(page).host('evil').last().dblclick()
    await page.getByTestId('hostkey-save').click()
    for (let round = 0; round < rounds.length; round++) {
      const dialog = page.getByRole('dialog')
      await expect.poll(() => asked).toBe(round + 1)
      await expect(dialog.locator('input')).toHaveCount(rounds[round]?.length ?? 0)
      await dialog.locator('input').first().fill('answer')
      await page.getByTestId('question-answer').click()
    }
    await expect(page.getByTestId('problem').first()).toBeVisible()
    expect(await happened()).toEqual([])
    expect(madeHere()).toEqual([])
  } finally {
    server.close()
  }
})

test('what a program prints stays in the terminal', async ({ launch }) => {
  const { name, address, hostKeys } = harbor()
  await harbor().writeFile('/root/hostile-output', Buffer.from(hostileOutput(file).join('\n')))
  const home = homeWith(practice().lab, [{ name, address, hostKeys }])
  const { app, page } = await launch({ home })
  writeFileSync(path.join(home, 'untouched'), '')
  await app.evaluate(({ clipboard }) => clipboard.writeText('mine'))
  const happened = await watch(page)
  await new Window(page).connect('harbor')
  await page.getByRole('button', { name: 'New terminal' }).first().click()
  await page.getByTestId('terminal').locator('.xterm-helper-textarea').waitFor({ state: 'attached' })
  await page.waitForTimeout(1500)
  await page.getByTestId('terminal').click()
  // What the terminal would type back is read by this shell: anything that makes a line would run.
  await page.keyboard.insertText('cat /root/hostile-output; sleep 1; echo; echo done > /root/hostile-done')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await harbor().sh('cat /root/hostile-done')).stdout).toContain('done')
  await page.waitForTimeout(500)
  expect(await app.evaluate(({ clipboard }) => clipboard.readText()), 'OSC 52 without consent').toBe('mine')
  expect(await happened()).toEqual([])
  expect(await madeOnHost()).toBe('')
  expect(madeHere()).toEqual([])
  await harbor().must('rm -f /root/hostile-output /root/hostile-done')
})

test('nothing is applied that was not planned and shown', async ({ launch }) => {
  const { name, address, hostKeys } = harbor()
  const { page } = await launch({ home: homeWith(practice().lab, [{ name, address, hostKeys }]) })
  await new Window(page).connect('harbor')
  const before = (await harbor().readFile('/etc/xinetd.d/status')).toString()
  const answers = await page.evaluate(async () => {
    const { call } = globalThis.window.wharfmaster
    const intent = {
      capability: 'superserver',
      kind: 'editService',
      service: { path: '/etc/xinetd.d/status', id: 'status', occurrence: 0 },
      set: { port: ['9155'] },
    }
    const planned = await call('change.plan', { host: 'harbor', intent })
    if (typeof planned !== 'object' || planned === null || !('value' in planned)) return { planned }
    const { id, digest } = planned.value as { id: string; digest: string }
    const tampered = digest.replace(/^./, (first) => (first === '0' ? '1' : '0'))
    return {
      made: await call('change.apply', { id: 'made-up', digest }),
      tampered: await call('change.apply', { id, digest: tampered }),
      empty: await call('change.apply', { id, digest: '' }),
      carried: await call('change.apply', { id, digest: tampered, change: { parts: [] } }),
      discarded: [await call('change.discard', { id }), await call('change.apply', { id, digest })],
    }
  })
  expect(answers).toMatchObject({
    made: { ok: false },
    tampered: { ok: false },
    empty: { ok: false },
    carried: { ok: false },
  })
  expect(answers.discarded?.[1]).toMatchObject({ ok: false })
  expect((await harbor().readFile('/etc/xinetd.d/status')).toString()).toBe(before)
})
