import type { ITheme } from '@xterm/xterm'

/**
 * Sixteen colours that stay readable on the window's own background, after One Half (light) and our harbor blue.
 */
export const lightTheme: ITheme = {
  background: '#ffffff',
  foreground: '#24292f',
  cursor: '#0e7c93',
  cursorAccent: '#ffffff',
  selectionBackground: '#b2e7ef',
  selectionInactiveBackground: '#cfe6eb',
  black: '#24292f',
  red: '#b3261e',
  green: '#1a7f37',
  yellow: '#8a6100',
  blue: '#0b62c4',
  magenta: '#8540b5',
  cyan: '#0c6a80',
  white: '#5f6b76',
  brightBlack: '#57606a',
  brightRed: '#cf222e',
  brightGreen: '#116329',
  brightYellow: '#7d4e00',
  brightBlue: '#0969da',
  brightMagenta: '#9a3fd5',
  brightCyan: '#0e7c93',
  brightWhite: '#32383f',
}

export const darkTheme: ITheme = {
  background: '#0c0d10',
  foreground: '#d7dade',
  cursor: '#41b8cd',
  cursorAccent: '#0c0d10',
  selectionBackground: '#174c5a',
  selectionInactiveBackground: '#1d3c46',
  black: '#15171b',
  red: '#f47067',
  green: '#6bc46d',
  yellow: '#dbab4f',
  blue: '#6cb6ff',
  magenta: '#dcbdfb',
  cyan: '#56c8d8',
  white: '#c4c9d0',
  brightBlack: '#7d848d',
  brightRed: '#ff938a',
  brightGreen: '#8ddb8c',
  brightYellow: '#f0cf7a',
  brightBlue: '#96d0ff',
  brightMagenta: '#eedcff',
  brightCyan: '#7ddde9',
  brightWhite: '#f4f5f7',
}

/** Colours of search hits; the addon takes `#RRGGBB` alone. */
export const searchColors = (dark: boolean) =>
  dark
    ? {
        matchBackground: '#5a4a12',
        activeMatchBackground: '#a77b12',
        activeMatchBorder: '#f0cf7a',
        matchOverviewRuler: '#a77b12',
        activeMatchColorOverviewRuler: '#f0cf7a',
      }
    : {
        matchBackground: '#fbe9b0',
        activeMatchBackground: '#f3b93b',
        activeMatchBorder: '#8a6100',
        matchOverviewRuler: '#d9a520',
        activeMatchColorOverviewRuler: '#8a6100',
      }
