import type { Plugin } from 'vite'

const registered = /@property (--tw-[\w-]+)\s*\{\s*syntax:\s*"\*";\s*inherits:\s*false;?\s*\}/g

/**
 * Chrome 114 takes `var(--x,)` for invalid where `--x` is registered by `@property` without an initial value: the
 * fallback must fit the syntax, and nothing does not. Tailwind writes rings, filters and numeric variants that
 * way, so all of those vanish. The same without the registration: unset on every element, so nothing inherits.
 */
export function withoutEmptyRegistrations(css: string): string {
  const names: string[] = []
  const rest = css.replace(registered, (_all, name: string) => {
    names.push(name)
    return ''
  })
  if (names.length === 0) return css
  const unset = names.map((name) => `${name}: initial;`).join(' ')
  return `${rest}\n@layer properties { *, ::before, ::after, ::backdrop { ${unset} } }\n`
}

/** Must stand after Tailwind's own plugin, which writes the registrations. */
export function cssProperties(): Plugin {
  return {
    name: 'wharfmaster:css-properties',
    enforce: 'pre',
    transform: (code, id) =>
      id.split('?')[0]?.endsWith('.css') === true
        ? { code: withoutEmptyRegistrations(code), map: null }
        : null,
  }
}
