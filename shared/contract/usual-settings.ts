/** What holds until the user chose otherwise. Apart from its schema: the window's first page needs no schemas. */
export const usualSettings = {
  theme: 'system',
  language: 'system',
  readOnly: false,
  privilegeMinutes: 15,
  terminal: { fontSize: 13, scrollback: 10_000, pasteWarningLines: 2, webgl: true },
} as const
