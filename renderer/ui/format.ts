import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes as a short binary amount: `1.4 GiB`. */
export function bytes(amount: number, locale: string): string {
  let value = amount
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  return `${number} ${units[unit] ?? ''}`
}

/** A length of time by its two largest units, in words of the language: `3 days, 4 hr`. */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'day'],
    [Math.floor((whole % 86_400) / 3600), 'hour'],
    [Math.floor((whole % 3600) / 60), 'minute'],
    [whole % 60, 'second'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  const shown = first < 0 ? parts.slice(3) : parts.slice(first, first + 2).filter(([amount]) => amount > 0)
  return shown
    .map(([amount, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ')
}

/** How long ago, rounded as people say it: `12 sec. ago`. */
export function ago(at: number, now: number, locale: string): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  const format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' })
  if (seconds < 60) return format.format(-seconds, 'second')
  if (seconds < 3600) return format.format(-Math.round(seconds / 60), 'minute')
  if (seconds < 86_400) return format.format(-Math.round(seconds / 3600), 'hour')
  return format.format(-Math.round(seconds / 86_400), 'day')
}

/** Amounts and times in the language of the window. */
export function useFormat() {
  const { locale } = useI18n()
  const language = computed(() => locale.value)
  return {
    bytes: (amount: number) => bytes(amount, language.value),
    duration: (seconds: number) => duration(seconds, language.value),
    ago: (at: number, now: number) => ago(at, now, language.value),
    number: (value: number, digits = 0) =>
      new Intl.NumberFormat(language.value, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(share),
    dateTime: (at: number) =>
      new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(at),
    time: (at: number) => new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' }).format(at),
  }
}
