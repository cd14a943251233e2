/// <reference types="vite/client" />
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createI18n } from 'vue-i18n'
import { describe, expect, it, vi } from 'vitest'
import { problemCodes } from '../../shared/contract/problem'
import { languages, messages } from './index'

const root = path.resolve(import.meta.dirname, '../..')

/** The messages of a language by their whole key. */
function leaves(tree: unknown, prefix = ''): readonly (readonly [string, string])[] {
  if (typeof tree === 'string') return [[prefix, tree]]
  if (typeof tree !== 'object' || tree === null)
    throw new Error(`${prefix} is neither text nor a group of texts`)
  return Object.entries(tree).flatMap(([key, value]) =>
    leaves(value, prefix === '' ? key : `${prefix}.${key}`),
  )
}
const texts = {
  en: new Map(leaves(messages.en)),
  'zh-CN': new Map(leaves(messages['zh-CN'])),
}

/** Names in braces; `{'@'}` is a quoted character. */
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort().join(' ')

function sources(...folders: readonly string[]): readonly { readonly file: string; readonly text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(vue|ts)$/.test(name) && !/\.test\.ts$|\.test-support\.ts$|\.d\.ts$/.test(name))
      .map((name) => ({
        file: path.join(folder, name),
        text: readFileSync(path.join(root, folder, name), 'utf8'),
      })),
  )
}

/** Keys that a source names: whole, or with parts that are put in at run time. */
function keysIn(text: string): { readonly whole: readonly string[]; readonly patterns: readonly RegExp[] } {
  const call = /(?<![\w.$])t\(\s*/.source
  const whole = [...text.matchAll(new RegExp(`${call}(?:[^()'\`]*\\?\\s*)?'([^']+)'`, 'g'))].map(
    ([, key]) => key,
  )
  const field = [...text.matchAll(/(?<![\w.])(?:key|title): '([a-z]\w*(?:\.[\w-]+)+)'/g)].map(
    ([, key]) => key,
  )
  const patterns = [...text.matchAll(new RegExp(`${call}\`([^\`]+)\``, 'g'))].map(([, template]) =>
    asPattern(template ?? ''),
  )
  return { whole: [...whole, ...field].filter((key) => key !== undefined), patterns }
}

const asPattern = (template: string) =>
  new RegExp(
    `^${template
      .split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/)
      .map((part) => part.replaceAll('.', '\\.'))
      .join('.+')}$`,
  )

describe('texts', () => {
  it('are the same keys in both languages', () => {
    expect([...texts['zh-CN'].keys()].sort()).toEqual([...texts.en.keys()].sort())
  })

  it('have the same placeholders in both languages', () => {
    const differing = [...texts.en].flatMap(([key, text]) => {
      const other = texts['zh-CN'].get(key) ?? ''
      return placeholders(text) === placeholders(other) ? [] : [`${key}: ${text} / ${other}`]
    })
    expect(differing).toEqual([])
  })

  it('are empty in both languages or in none', () => {
    const empty = (language: 'en' | 'zh-CN') =>
      [...texts[language]].filter(([, text]) => text.trim() === '').map(([key]) => key)
    expect(empty('zh-CN').sort()).toEqual(empty('en').sort())
  })

  it('can all be compiled: no stray @, | or brace', () => {
    const complaints: unknown[] = []
    const warn = vi.spyOn(console, 'warn').mockImplementation((...words) => complaints.push(words))
    const error = vi.spyOn(console, 'error').mockImplementation((...words) => complaints.push(words))
    for (const language of languages) {
      const one = createI18n({
        legacy: false,
        locale: language,
        messages: { [language]: messages[language] },
      })
      for (const [key, text] of texts[language]) {
        const params = Object.fromEntries(
          placeholders(text)
            .split(' ')
            .map((name) => [name, `<${name}>`]),
        )
        let shown = ''
        try {
          shown = one.global.t(key, params, 2)
        } catch (reason) {
          complaints.push(`${language} ${key}: ${String(reason)}`)
          continue
        }
        for (const name of placeholders(text)
          .split(' ')
          .filter((word) => word !== '')) {
          if (!shown.includes(`<${name}>`) && !text.includes(' | '))
            complaints.push(`${key} loses {${name}}: ${shown}`)
        }
        if (/[{}]/.test(shown)) complaints.push(`${key} shows a brace: ${shown}`)
      }
    }
    warn.mockRestore()
    error.mockRestore()
    expect(complaints).toEqual([])
  })

  it('say of every problem what happened and what to do', () => {
    const missing = languages.flatMap((language) =>
      problemCodes
        .flatMap((code) => [`problem.${code}.what`, `problem.${code}.todo`])
        .filter((key) => !texts[language].has(key))
        .map((key) => `${language} ${key}`),
    )
    expect(missing).toEqual([])
  })

  it('exist for every note of a sign-in', () => {
    const source = readFileSync(path.join(root, 'main/ssh/notes.ts'), 'utf8')
    const list = /noteCodes = \[([^\]]*)\]/.exec(source)?.[1] ?? ''
    const codes = [...list.matchAll(/'(\w+)'/g)].map(([, code]) => code ?? '')
    expect(codes.length).toBeGreaterThan(5)
    expect(codes.filter((code) => !texts.en.has(`ssh.note.${code}`))).toEqual([])
  })

  it('exist for every key that the code names', () => {
    const missing = sources('renderer', 'shared', 'main').flatMap(({ file, text }) => {
      const { whole, patterns } = keysIn(text)
      const all = [...texts.en.keys()]
      return [
        ...whole.filter((key) => !texts.en.has(key)),
        ...patterns.filter((pattern) => !all.some((key) => pattern.test(key))).map(String),
      ].map((key) => `${file}: ${key}`)
    })
    expect(missing).toEqual([])
  })

  it('in Chinese are set with Chinese punctuation', () => {
    const western = [...texts['zh-CN']].filter(([, text]) =>
      /\p{Script=Han}[,;:!?]|[,;:!?]\p{Script=Han}/u.test(text),
    )
    expect(western).toEqual([])
  })
})
