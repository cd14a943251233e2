import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './fixture'

test('the page has its bridge and nothing else, whatever it asks for', async ({ app, page }) => {
  await test.step('the page has no Node, and nothing of Electron but the bridge', async () => {
    const seen = await page.evaluate(() => {
      const names = [
        'require',
        'process',
        'module',
        'Buffer',
        'global',
        '__dirname',
        'electron',
        'ipcRenderer',
      ]
      return {
        node: names.filter((name) => name in globalThis),
        bridge: Object.keys(globalThis.window.wharfmaster).sort(),
        frozen: Object.isFrozen(globalThis.window.wharfmaster),
      }
    })
    expect(seen).toEqual({ node: [], bridge: ['call', 'listen'], frozen: true })
  })

  await test.step('the page is sandboxed, isolated, and in a process of its own', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      if (contents === undefined) return null
      // Not in Electron's types, and in every Electron.
      const read: unknown = Reflect.get(contents, 'getLastWebPreferences')
      if (typeof read !== 'function') return null
      const found: unknown = read.call(contents)
      return found
    })
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
    })
  })

  await test.step("the app's scheme serves its own page and nothing outside it", async () => {
    const answers = await page.evaluate(async () => {
      const paths = [
        '/../../package.json',
        '/%2e%2e/%2e%2e/package.json',
        '/..%2f..%2fpackage.json',
        '//etc/passwd',
        '/assets/../../main/app.cjs',
      ]
      return Promise.all(
        paths.map((path) =>
          fetch(`app://wharfmaster${path}`).then(
            (answer) => answer.status,
            () => 'refused',
          ),
        ),
      )
    })
    for (const answer of answers) expect([404, 'refused']).toContain(answer)
  })

  await test.step('permissions that the app does not need are refused', async () => {
    const states = await page.evaluate(async () => {
      const names = ['camera', 'microphone', 'geolocation', 'notifications', 'midi'] as const
      const query = async (name: string) =>
        (await navigator.permissions.query({ name: name as PermissionName })).state
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: unknown) => (error instanceof Error ? error.name : 'refused'),
      )
      const place = await new Promise<string>((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          () => resolve('denied'),
          { timeout: 3000 },
        )
      })
      return {
        asked: await Promise.all(names.map(query)),
        camera,
        place,
        notice: await Notification.requestPermission(),
      }
    })
    expect(states.asked).toEqual(['denied', 'denied', 'denied', 'denied', 'denied'])
    expect(states.camera).not.toBe('granted')
    expect(states.place).toBe('denied')
    expect(states.notice).toBe('denied')
  })

  await test.step('what is not in the contract, or not in its shape, is refused', async () => {
    const answers = await page.evaluate(async () => {
      const { call } = globalThis.window.wharfmaster
      const attempt = (name: string, params: unknown) =>
        call(name, params).catch((error: unknown) => `rejected: ${String(error)}`)
      return {
        unknown: await attempt('app.quit', {}),
        inherited: await attempt('constructor', {}),
        shape: await attempt('profile.save', { profile: { id: 'x', name: 'a\nb' } }),
        more: await attempt('host.connect', { host: 'x'.repeat(1000) }),
        prototype: await attempt(
          'settings.set',
          JSON.parse('{"settings":{"__proto__":{"readOnly":true},"theme":"evil"}}'),
        ),
        link: await attempt('app.openLink', { url: 'file:///etc/passwd' }),
        script: await attempt('app.openLink', { url: 'javascript:alert(1)' }),
      }
    })
    expect(answers.unknown).toContain('rejected')
    expect(answers.inherited).toContain('rejected')
    for (const answer of [answers.shape, answers.more, answers.prototype, answers.link, answers.script])
      expect(answer).toMatchObject({ ok: false, problem: { code: 'app.invalidRequest' } })
  })
})

test('the policy refuses inline script, evaluated code, frames and the network', async ({ page }) => {
  const refused = await page.evaluate(async () => {
    const directives: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective))
    const script = document.createElement('script')
    script.textContent = 'document.title = "ran"'
    document.body.append(script)
    const button = document.createElement('button')
    button.setAttribute('onclick', 'document.title = "ran"')
    button.click()
    // In a task of the page's own: what the inspector evaluates is exempt from the policy.
    const evaluated = await new Promise<boolean>((resolve) => {
      setTimeout(() => {
        try {
          // eslint-disable-next-line no-eval -- the policy must refuse it
          resolve((0, eval)('true') === true)
        } catch {
          resolve(false)
        }
      })
    })
    const frame = document.createElement('iframe')
    frame.src = 'data:text/html,<script>parent.document.title="ran"</script>'
    document.body.append(frame)
    const image = new Image()
    image.src = 'http://127.0.0.1:9/pixel.png'
    const fetched = await fetch('http://127.0.0.1:9/').then(
      () => true,
      () => false,
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    return { directives: [...new Set(directives)].sort(), evaluated, fetched, title: document.title }
  })
  expect(refused.evaluated).toBe(false)
  expect(refused.fetched).toBe(false)
  expect(refused.title).toBe('Wharfmaster')
  expect(refused.directives).toEqual(
    expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'script-src-elem', 'script-src-attr']),
  )
})

test('navigation and new windows are refused, and downloads', async ({ app, page }) => {
  const server = createServer((_request, response) => {
    response.end('<title>elsewhere</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let asked = 0
  server.on('request', () => asked++)
  try {
    const own = page.url()
    const opened = await page.evaluate(
      (there) => {
        const child = globalThis.open(there)
        const link = document.createElement('a')
        link.href = there
        document.body.append(link)
        link.click()
        link.target = '_blank'
        link.click()
        link.download = 'file'
        link.click()
        location.assign(there)
        return child !== null
      },
      `http://127.0.0.1:${String(port)}/`,
    )
    await page.waitForTimeout(800)
    expect(opened).toBe(false)
    expect(page.url()).toBe(own)
    // By script: after a refused navigation Playwright's own waiting never ends.
    expect(await page.evaluate(() => document.querySelector('[data-testid="first-run"]') !== null)).toBe(true)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    for (const elsewhere of [
      'file:///etc/passwd',
      'app://other/index.html',
      'data:text/html,<title>ran</title>',
    ]) {
      await page.evaluate((url) => location.assign(url), elsewhere)
      await page.waitForTimeout(200)
      expect(page.url()).toBe(own)
    }
    expect(asked, 'the page reached a server of its own choice').toBe(0)
  } finally {
    server.close()
  }
})

test('senders that are not the app’s own page are refused', async ({ app, page }) => {
  // A second page with the app's preload but another origin, as if one had slipped past the navigation guard.
  const foreign = await app.evaluate(async ({ BrowserWindow, app: electronApp }) => {
    const window = new BrowserWindow({
      show: false,
      webPreferences: {
        preload: `${electronApp.getAppPath()}/out/preload/index.cjs`,
        sandbox: true,
        contextIsolation: true,
      },
    })
    await window.loadURL('data:text/html,<title>foreign</title>')
    const answer: unknown = await window.webContents.executeJavaScript(`(async () => {
      const { port1, port2 } = new MessageChannel()
      const stream = new Promise((resolve) => { port1.onmessage = (event) => resolve(event.data); setTimeout(resolve, 500, 'nothing') })
      window.postMessage({ stream: 'terminal.open', params: { host: 'x', columns: 80, rows: 24 } }, '*', [port2])
      return {
        info: await window.wharfmaster.call('app.info', {}),
        list: await window.wharfmaster.call('profile.list', {}),
        apply: await window.wharfmaster.call('change.apply', { id: 'x', digest: 'y' }),
        stream: await stream,
      }
    })()`)
    window.destroy()
    return answer
  })
  const refusal = { ok: false, problem: { code: 'app.invalidRequest' } }
  expect(foreign).toMatchObject({ info: refusal, list: refusal, apply: refusal, stream: 'nothing' })

  // A frame inside the app's own page has no bridge at all: preloads run in the top frame alone.
  const framed = await page.evaluate(async () => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    await new Promise((resolve) => setTimeout(resolve, 100))
    return frame.contentWindow !== null && 'wharfmaster' in frame.contentWindow
  })
  expect(framed).toBe(false)
})
