import { existsSync, readdirSync } from 'node:fs'
import type { Page } from '@playwright/test'

/** A mark that every hostile string tries to leave: a global of the page, a file on the host, a file here. */
export const mark = 'wharfmaster_ran'

const scripts = [
  `globalThis.${mark}=1`,
  `parent.${mark}=1`,
  `top['${mark}']=1`,
  `document.title='${mark}'`,
  `alert('${mark}')`,
  `import('data:text/javascript,globalThis.${mark}=1')`,
]
const tags = (script: string): readonly string[] => [
  `<script>${script}</script>`,
  `<img src=x onerror="${script}">`,
  `<svg/onload="${script}">`,
  `"><svg onload=${script.replace(/ /g, '')}>`,
  `'-${script}-'`,
  `<iframe srcdoc="<script>${script}</script>"></iframe>`,
  `<a href="javascript:${script}">here</a>`,
  `javascript:${script}//`,
  `<details open ontoggle="${script}">`,
  `<style>@import 'data:text/css,*{}'</style><b onmouseover="${script}">`,
]
const templates = [
  `{{constructor.constructor("${scripts[0] ?? ''}")()}}`,
  '${globalThis.wharfmaster_ran=1}',
  `#{${mark}=1}`,
  `<%= ${mark}=1 %>`,
  '@:app.title',
  '@.upper:app.title',
  '{0} {name} {host}',
  'one | two | three',
  '%s%s%s%n%x',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '[object Object]',
  '../../../../etc/passwd',
  '-rf',
  '--help',
  '~root',
  '*',
  '?',
]
const shells = (file: string): readonly string[] => [
  `$(touch ${file})`,
  `\`touch ${file}\``,
  `;touch ${file};`,
  `|touch ${file}`,
  `||touch ${file}||`,
  `&&touch ${file}`,
  `&touch ${file}&`,
  `>${file}`,
  `';touch ${file};'`,
  `";touch ${file};"`,
  `'"\`;touch ${file};#`,
  `\\';touch ${file};#`,
  `$'\\x3btouch ${file}'`,
  `\${IFS};touch\${IFS}${file}`,
  `!touch`,
  `a'b"c\`d$e\\f`,
  `%27;touch ${file};%27`,
  `$((touch ${file}))`,
  `<(touch ${file})`,
  `{touch,${file}}`,
]
const unicode = [
  '\u202e\u202dgnp.exe\u202c',
  '\u2066\u2067\u2068\u2069',
  'a\u0300\u0301\u0302\u0303\u0304\u0305'.repeat(20),
  '\u200b\u200c\u200d\ufeff',
  '👨‍👩‍👧‍👦🏴‍☠️',
  '系统管理员；触发',
  'admin\u00ad@harbor',
  'Ⅷ㎒﷽',
  '\ud800',
  'x'.repeat(120),
]

/** Strings without control characters, as a name on a host may be. `file`: what a shell would create if it ran one. */
export function hostileNames(file: string): readonly string[] {
  return [...scripts.flatMap(tags), ...templates, ...shells(file), ...unicode]
}

/** What a program may print: the names, and what a terminal could be made to do. */
export function hostileOutput(file: string): readonly string[] {
  const esc = '\u001b'
  const orders = [
    `${esc}]0;<img src=x onerror=globalThis.${mark}=1>\u0007`,
    `${esc}]2;touch ${file}\u0007${esc}[21t`,
    `${esc}]52;c;${Buffer.from(`touch ${file}\n`).toString('base64')}\u0007`,
    `${esc}]8;;javascript:globalThis.${mark}=1\u0007link${esc}]8;;\u0007`,
    `${esc}]8;;file:///etc/passwd\u0007link${esc}]8;;\u0007`,
    `${esc}P$q"p${esc}\\`,
    `${esc}P$qtouch ${file}\n${esc}\\`,
    `${esc}[c${esc}[>c${esc}[=c${esc}[5n${esc}[6n${esc}[?6n`,
    `${esc}]10;?\u0007${esc}]11;?\u0007${esc}]4;1;?\u0007`,
    `${esc}Z`,
    `${esc}]50;?\u0007`,
    `${esc}]1337;File=inline=1:AAAA\u0007`,
    `${esc}_Gf=100;AAAA${esc}\\`,
    `${esc}[?1000h${esc}[?1003h${esc}[?2004h`,
    `${esc}[8;1000;1000t${esc}[3;9999;9999t`,
    '\u0005',
    '\u0000\u0001\u0002\u0003\u007f',
  ]
  return [...hostileNames(file), ...orders]
}

/** Watches for anything that a hostile string made happen in the page. Call before the first is shown. */
export async function watch(page: Page): Promise<() => Promise<readonly string[]>> {
  const happened: string[] = []
  page.on('dialog', (dialog) => {
    happened.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => happened.push(`error: ${error.message}`))
  page.on('popup', () => happened.push('a window'))
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(globalThis, { hostileSeen: seen })
    // Refused by the policy still means that a string became markup.
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(`policy: ${event.effectiveDirective} ${event.sample}`),
    )
  })
  const title = await page.title()
  return async () => {
    const inPage = await page.evaluate((name) => {
      const seen: unknown = Reflect.get(globalThis, 'hostileSeen')
      const found = Array.isArray(seen) ? seen.map(String) : ['the page was loaded anew']
      if (name in globalThis) found.push('a script ran')
      for (const element of document.querySelectorAll(
        'img[src="x"], iframe, a[href^="javascript:"], [onerror], [onload]',
      ))
        found.push(`markup: ${element.outerHTML.slice(0, 100)}`)
      return found
    }, mark)
    if ((await page.title()) !== title) happened.push(`the title: ${await page.title()}`)
    return [...happened, ...inPage]
  }
}

/** Files that a string made on this machine. */
export function madeHere(): readonly string[] {
  return ['/tmp', process.cwd()]
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).filter((name) => name.includes(mark)))
}
