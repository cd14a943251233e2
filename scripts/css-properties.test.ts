import { expect, it } from 'vitest'
import { withoutEmptyRegistrations } from './css-properties'

it('takes out registrations that have no initial value, and unsets those properties everywhere', () => {
  const css = withoutEmptyRegistrations(
    '@property --tw-ring-inset {\n  syntax: "*";\n  inherits: false;\n}\n' +
      '@property --tw-shadow {\n  syntax: "*";\n  inherits: false;\n  initial-value: 0 0 #0000;\n}\n.a { color: red }',
  )
  expect(css).not.toContain('@property --tw-ring-inset')
  expect(css).toContain('@property --tw-shadow')
  expect(css).toContain(
    '@layer properties { *, ::before, ::after, ::backdrop { --tw-ring-inset: initial; } }',
  )
})

it('leaves other style sheets as they are', () => {
  expect(withoutEmptyRegistrations('.a { color: red }')).toBe('.a { color: red }')
})
