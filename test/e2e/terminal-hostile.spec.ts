import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { TerminalPage } from './pages/terminal-page'
import { Window } from './pages/window'
import { homeWith } from './user'

const esc = '\x1b'
const osc = (text: string, end = '\x07') => `${esc}]${text}${end}`
const dcs = (text: string) => `${esc}P${text}${esc}\\`
const word = 'rm -rf evil'

/** What a host may print to have something typed, opened, named or changed outside the terminal. */
const hostile: readonly string[] = [
  // Answerback, reports of title and icon, of the selection and of what was asked for
  '\x05',
  ...[0, 1, 2, 21].map((code) => osc(`${String(code)};${word}\r`)),
  ...[18, 19, 20, 21, 11, 13, 14, 15, 16].map((code) => `${esc}[${String(code)}t`),
  ...['22;0', '23;0', '22;2', '23;2', '3;0;0', '4;9;9', '8;3;3', '9;1', '10;2', '1', '2', '5', '6', '7'].map(
    (code) => `${esc}[${code}t`,
  ),
  ...['c', 'p', 'q', 's', '0', word, '', 'c\n', 'cc'].map((name) => osc(`52;${name};?`)),
  ...[4, 10, 11, 12, 17, 19, 104, 110].map((code) => osc(`${String(code)};?`)),
  osc(`4;1;?;${word};?`),
  osc(`10;${word};?`),
  ...['"q', '"p', 'r', 'm', ' q', 's', 't', '|', `${word}\r`, '', '$q', '\x00'].map((ask) => dcs(`$q${ask}`)),
  ...['544e', '436f', Buffer.from(word).toString('hex'), ''].map((name) => dcs(`+q${name}`)),
  dcs(`+p${Buffer.from(word).toString('hex')}`),
  ...['c', '>c', '=c', '5n', '6n', '?6n', '?15n', '?25n', '?26n', '?53n', '>q', 'x', '1x'].map(
    (ask) => `${esc}[${ask}`,
  ),
  ...[1, 9, 1000, 1004, 2004, 2026, 1049, 9999].map((mode) => `${esc}[?${String(mode)}$p`),
  `${esc}Z`,
  // Links and notices of other programs' dialects
  ...[
    'javascript:alert(1)',
    'file:///etc/shadow',
    'ssh://host',
    'ms-msdt:/id',
    'data:text/html,<script>',
  ].map((uri) => `${osc(`8;;${uri}`)}press${osc('8;;')}`),
  osc(`8;id=${'x'.repeat(5000)};https://x.example/`) + 'x' + osc('8;;'),
  osc(`9;${word}`),
  osc(`777;notify;${word};${word}`),
  osc(`99;i=1:d=0;${word}`),
  osc('1337;File=inline=1:AAAA'),
  osc(`1337;CopyToClipboard=;${word}`),
  osc(`1337;RequestUpload=format=tgz`),
  osc(`7;file://harbor/${word}`),
  osc(`133;C`) + osc(`633;E;${word}`),
  osc('50;?') + osc('50;x'),
  osc('9;4;1;999999') + osc('9;4;-1;x') + osc('9;4;0;0'),
  // Markup, and text that turns its direction
  osc(`2;<script>window.hurt=1</script>`),
  osc(`2;<img src=x onerror="window.hurt=1">`),
  `<script>window.hurt=1</script>\r\n<img src=x onerror="window.hurt=1">\r\n{{ constructor.constructor('window.hurt=1')() }}`,
  osc('2;\u202egnp.tellaw\u200b\ufeff'),
  // Sizes beyond reason
  `${esc}[2147483647b`,
  `x${esc}[4294967296b`,
  `${esc}[99999999;99999999H`,
  `${esc}[${'1;'.repeat(500)}m`,
  `${esc}[99999999S${esc}[99999999T${esc}[99999999L${esc}[99999999M${esc}[99999999I${esc}[99999999Z${esc}[99999999@`,
  dcs('q"1;1;99999;99999#0~'),
  osc(`2;${'t'.repeat(20_000)}`),
  osc('unended', ''),
  `${esc}\\`,
  '\x00\x7f\x80\x9b\x9d\xff',
]

/** All that a terminal may say by itself: device attributes, positions, modes, colours, settings; nothing of the host's. */
const reports =
  // eslint-disable-next-line no-control-regex -- a terminal's reports begin with ESC
  /\x1b\[[?>]?[\d;]*(?:[cnRxt]|\$y)|\x1b\](?:4;\d+|1[0-9]);rgb:[\da-f/]+(?:\x07|\x1b\\)|\x1bP[01]\$r[\d;]*(?:"q|"p|r|m| q)?\x1b\\|\x1bP>\|xterm\.js\([\d.]+\)\x1b\\|\x1b\[[IO]/g

test(`${String(hostile.length)} hostile outputs type nothing, open nothing, and stay in the terminal`, async ({
  launch,
}) => {
  expect(hostile.length).toBeGreaterThanOrEqual(100)
  const host = practice().host('harbor')
  const { app, page, output } = await launch({ home: homeWith(practice().lab, [host]) })
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
  await new Window(page).connect('harbor')
  const terminal = new TerminalPage(page)
  await terminal.open()
  await page.evaluate(() => navigator.clipboard.writeText('mine'))
  const body = hostile.map((text) => `${text}${esc}\\${esc}[0m\r\n`).join('')
  await host.writeFile('/tmp/hostile', Buffer.from(body, 'utf8'))
  try {
    // What the terminal sends back by itself is caught in the place of a shell that would run it.
    await terminal.run(
      'stty raw -echo; cat /tmp/hostile; timeout 3 cat > /tmp/typed; stty sane; reset; clear; echo all-printed',
    )
    await terminal.shows('\nall-printed\n')
    const typed = (await host.readFile('/tmp/typed')).toString('latin1')
    expect(typed, 'it did answer what may be answered').toContain('\x1b[?1;2c')
    expect(typed.replace(reports, '')).toBe('')
    expect(typed).not.toContain('evil')
    expect(typed).not.toMatch(/[\r\n]/)
  } finally {
    await host.must('rm -f /tmp/hostile /tmp/typed')
  }
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false)
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine')
  expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([])
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  await expect(page).toHaveTitle('Wharfmaster')
  expect(output.filter((line) => line.startsWith('page error'))).toEqual([])
  await terminal.run('echo still "here"')
  await terminal.shows('\nstill here\n')
})
