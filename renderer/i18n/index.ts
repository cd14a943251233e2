import { createI18n } from 'vue-i18n'

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

type Messages = { [key: string]: string | Messages }

/** Every file of a language, merged: one file an area, each with the areas it speaks of as its top keys. */
function collect(files: Record<string, { readonly default: Messages }>): Messages {
  return Object.values(files).reduce<Messages>((all, file) => merge(all, file.default), {})
}

function merge(into: Messages, from: Messages): Messages {
  const out: Messages = { ...into }
  for (const [key, value] of Object.entries(from)) {
    const there = out[key]
    out[key] = typeof value === 'object' && typeof there === 'object' ? merge(there, value) : value
  }
  return out
}

export const messages: Record<Language, Messages> = {
  en: collect(import.meta.glob('./en/*.json', { eager: true })),
  'zh-CN': collect(import.meta.glob('./zh-CN/*.json', { eager: true })),
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages,
})

export function chooseLanguage(setting: 'system' | Language, systemLocale: string): Language {
  if (setting !== 'system') return setting
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
