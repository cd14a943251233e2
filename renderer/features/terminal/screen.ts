import { FitAddon } from '@xterm/addon-fit'
import { ProgressAddon } from '@xterm/addon-progress'
import { SearchAddon } from '@xterm/addon-search'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { Gpu } from './gpu'
import { listenToHostClipboard } from './host-clipboard'
import { limitRepeats } from './repeat-limits'
import { darkTheme, lightTheme } from './theme'

const fontFamily =
  "'JetBrains Mono', 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Noto Color Emoji', monospace"

export interface ScreenOptions {
  readonly fontSize: number
  readonly scrollback: number
  readonly screenReader: boolean
  readonly dark: boolean
}

/** A link under the pointer or clicked. `text`: what stands on the screen when it is not the address itself. */
export interface ScreenLink {
  readonly uri: string
  readonly text: string | null
}

export interface ScreenListener {
  linkEntered(link: ScreenLink, event: MouseEvent): void
  linkLeft(): void
  linkChosen(link: ScreenLink, event: MouseEvent): void
  clipboardAsked(text: string): void
}

/** xterm with its addons: what the terminal draws, with no host behind it yet. */
export interface Screen {
  readonly terminal: Terminal
  readonly search: SearchAddon
  readonly progress: ProgressAddon
  readonly gpu: Gpu
  /** Takes as many columns and rows as its element has room for. */
  fit(): void
  setOptions(options: ScreenOptions): void
  /** Keeps the text and leaves every mode that a program had set: alternate screen, mouse, bracketed paste … */
  leaveModes(): Promise<void>
  dispose(): void
}

export function createScreen(options: ScreenOptions, listener: ScreenListener): Screen {
  const terminal = new Terminal({
    allowProposedApi: true, // the Unicode addon asks for it
    logLevel: 'off', // it would log what a host sends wrong, as often as the host sends it
    fontFamily,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    macOptionClickForcesSelection: true,
    rescaleOverlappingGlyphs: true,
    rightClickSelectsWord: false,
    // Every report and every change of the window that a host could ask for stays off: windowOptions has none.
    linkHandler: {
      allowNonHttpProtocols: false,
      activate: (event, uri, range) => listener.linkChosen({ uri, text: textAt(range) }, event),
      hover: (event, uri, range) => listener.linkEntered({ uri, text: textAt(range) }, event),
      leave: () => listener.linkLeft(),
    },
  })
  type Range = Parameters<NonNullable<NonNullable<Terminal['options']['linkHandler']>['activate']>>[2]
  const textAt = ({ start, end }: Range): string => {
    const rows: string[] = []
    for (let y = start.y; y <= end.y; y++) {
      const from = y === start.y ? start.x - 1 : 0
      const to = y === end.y ? end.x : terminal.cols
      rows.push(terminal.buffer.active.getLine(y - 1)?.translateToString(true, from, to) ?? '')
    }
    return rows.join('')
  }
  const fitting = new FitAddon()
  const search = new SearchAddon({ highlightLimit: 2000 })
  const progress = new ProgressAddon()
  const gpu = new Gpu(terminal)
  terminal.loadAddon(fitting)
  terminal.loadAddon(search)
  terminal.loadAddon(progress)
  terminal.loadAddon(new UnicodeGraphemesAddon())
  terminal.loadAddon(
    new WebLinksAddon((event, uri) => listener.linkChosen({ uri, text: null }, event), {
      hover: (event, uri) => listener.linkEntered({ uri, text: null }, event),
      leave: () => listener.linkLeft(),
    }),
  )
  limitRepeats(terminal)
  listenToHostClipboard(terminal, (text) => listener.clipboardAsked(text))

  const setOptions = ({ fontSize, scrollback, screenReader, dark }: ScreenOptions) => {
    terminal.options = {
      fontSize,
      scrollback,
      screenReaderMode: screenReader,
      theme: dark ? darkTheme : lightTheme,
    }
  }
  setOptions(options)

  return {
    terminal,
    search,
    progress,
    gpu,
    setOptions,
    fit: () => fitting.fit(),
    leaveModes: () => new Promise((resolve) => terminal.write(leaveModesSequence, resolve)),
    dispose() {
      gpu.detach()
      terminal.dispose()
    },
  }
}

/**
 * DECRST of alternate screen (1049), mouse (9, 1000–1003, 1005, 1006, 1015), focus reports (1004), bracketed
 * paste (2004) and synchronized output (2026); then DECSTR, which puts back the rest and keeps the text.
 */
const leaveModesSequence =
  '\x1b[?1049l\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l' +
  '\x1b[?2004l\x1b[?2026l\x1b]8;;\x1b\\\x1b[!p'
