import { computed, nextTick, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { IProgressState } from '@xterm/addon-progress'
import { useI18n } from 'vue-i18n'
import { encode, isEncodable } from '../../../shared/codec'
import { call } from '../../api/client'
import { useSettings } from '../../api/settings'
import { ChunkPool } from './chunk-pool'
import { useDark } from './dark'
import { keyAction, type KeyAction } from './keys'
import { KeptScrollback } from './kept-scrollback'
import { reviewLink, type LinkReview } from './links'
import { joinLines, needsConsent, reviewPaste, type PasteReview } from './paste'
import { createScreen, type ScreenLink } from './screen'
import { useShell, type ShellPhase } from './use-shell'

const bellMs = 160
const minSize = 8
const maxSize = 32
const usualSize = 13

/** One terminal: a screen, the shell behind it, and what stands between them and the user. */
export function useTerminal(
  { host, tab }: { readonly host: string; readonly tab: string },
  active: Readonly<Ref<boolean>>,
  find: () => void,
) {
  const { t } = useI18n()
  const settings = useSettings()
  const dark = useDark()
  const screenReader = ref(false)
  const title = ref('')
  const hovered = shallowRef<{ readonly uri: string; readonly x: number; readonly y: number } | null>(null)
  const link = shallowRef<LinkReview | null>(null)
  const paste = shallowRef<PasteReview | null>(null)
  const bracketed = ref(false)
  const clipboardText = ref<string | null>(null)
  const clipboardRefused = ref(false)
  const progress = shallowRef<IProgressState>({ state: 0, value: 0 })
  const bell = ref(false)
  /** Rang while another tab was in front. */
  const rang = ref(false)
  const hasSelection = ref(false)

  const options = computed(() => ({
    fontSize: settings.settings.terminal.fontSize,
    scrollback: settings.settings.terminal.scrollback,
    screenReader: screenReader.value,
    dark: dark.value,
  }))
  const platform = () => settings.info?.platform ?? 'linux'

  const screen = createScreen(options.value, {
    linkEntered: ({ uri }, { clientX, clientY }) => (hovered.value = { uri, x: clientX, y: clientY }),
    linkLeft: () => (hovered.value = null),
    linkChosen: chooseLink,
    clipboardAsked(text) {
      if (!clipboardRefused.value) clipboardText.value = text
    },
  })
  const { terminal } = screen
  const kept = new KeptScrollback(terminal, tab)
  const chunks = new ChunkPool()

  const shell = useShell(host, {
    size: () => ({ columns: Math.max(2, terminal.cols), rows: Math.max(1, terminal.rows) }),
    draw: (bytes, drawn) => chunks.lend(bytes, (copy, done) => terminal.write(copy, done), drawn),
    started() {
      screen.progress.progress = { state: 0, value: 0 }
    },
    stopped(phase) {
      void screen.leaveModes().then(() => terminal.write(ruleText(phase)))
      title.value = ''
      screen.progress.progress = { state: 0, value: 0 }
    },
  })

  /** A line of our own between one shell's output and the next one's, so that the scrollback tells them apart. */
  function ruleText(phase: ShellPhase): string {
    if (phase.kind !== 'lost' && phase.kind !== 'ended') return ''
    const time = new Date().toLocaleTimeString()
    const text =
      phase.kind === 'lost' ? t('terminal.rule.lost', { time }) : t('terminal.rule.ended', { time })
    const newLine = terminal.buffer.active.cursorX === 0 ? '' : '\r\n'
    return `${newLine}\x1b[0;2m── ${text} ──\x1b[0m\r\n`
  }

  const send = (text: string) => {
    if (isEncodable(text)) shell.send(encode(text))
  }
  terminal.onData((data) => {
    if (shell.phase.value.kind === 'running') send(data)
    else if (data === '\r') void shell.start()
  })
  // Mouse reports of the oldest kind are bytes, one a character, and no UTF-8.
  terminal.onBinary((data) =>
    shell.send(Uint8Array.from(data, (character) => character.charCodeAt(0) & 0xff)),
  )
  terminal.onResize(({ cols, rows }) => shell.resize(Math.max(2, cols), Math.max(1, rows)))
  terminal.onTitleChange((text) => (title.value = text))
  terminal.onSelectionChange(() => (hasSelection.value = terminal.hasSelection()))
  screen.progress.onChange((state) => (progress.value = state))
  let bellTimer: ReturnType<typeof setTimeout> | undefined
  terminal.onBell(() => {
    if (!active.value) rang.value = true
    bell.value = true
    clearTimeout(bellTimer)
    bellTimer = setTimeout(() => (bell.value = false), bellMs)
  })

  terminal.attachCustomKeyEventHandler((event) => {
    const action = keyAction(event, platform(), terminal.hasSelection())
    if (action === 'shell') return true
    if (action !== 'app' && event.type === 'keydown') {
      event.preventDefault()
      act(action)
    }
    return false
  })

  /** Once a dialog that closes now no longer holds the focus. */
  const focus = () => void nextTick(() => terminal.focus())

  function act(action: Exclude<KeyAction, 'shell' | 'app'>): void {
    switch (action) {
      case 'copy':
        return copy()
      case 'paste':
        return void pasteFromClipboard()
      case 'find':
        return find()
      case 'selectAll':
        return terminal.selectAll()
      case 'larger':
        return setFontSize(settings.settings.terminal.fontSize + 1)
      case 'smaller':
        return setFontSize(settings.settings.terminal.fontSize - 1)
      case 'usualSize':
        return setFontSize(usualSize)
    }
  }

  function setFontSize(size: number): void {
    const fontSize = Math.min(maxSize, Math.max(minSize, size))
    void settings.change({ terminal: { ...settings.settings.terminal, fontSize } })
  }

  function copy(): void {
    const text = terminal.getSelection()
    if (text !== '') void navigator.clipboard.writeText(text)
  }

  async function pasteFromClipboard(): Promise<void> {
    offerPaste(await navigator.clipboard.readText())
  }

  /** Pastes, or asks first. */
  function offerPaste(text: string): void {
    if (text === '' || shell.phase.value.kind !== 'running') return
    const review = reviewPaste(text)
    if (needsConsent(review, settings.settings.terminal.pasteWarningLines)) {
      bracketed.value = terminal.modes.bracketedPasteMode
      paste.value = review
    } else terminal.paste(review.text)
  }

  function decidePaste(how: 'paste' | 'join' | 'cancel'): void {
    const review = paste.value
    paste.value = null
    if (review !== null && how !== 'cancel')
      terminal.paste(how === 'join' ? joinLines(review.text) : review.text)
    focus()
  }

  function chooseLink({ uri, text }: ScreenLink, event: MouseEvent): void {
    const wanted = platform() === 'darwin' ? event.metaKey : event.ctrlKey
    if (wanted) link.value = reviewLink(uri, text)
  }

  async function openLink(url: string): Promise<void> {
    closeLink()
    await call('app.openLink', { url })
  }

  function closeLink(): void {
    link.value = null
    focus()
  }

  function copyLink(url: string): void {
    void navigator.clipboard.writeText(url)
    closeLink()
  }

  function decideClipboard(how: 'allow' | 'refuse' | 'refuseAll'): void {
    const text = clipboardText.value
    clipboardText.value = null
    if (how === 'allow' && text !== null) void navigator.clipboard.writeText(text)
    if (how === 'refuseAll') clipboardRefused.value = true
    focus()
  }

  watch(options, (next) => {
    screen.setOptions(next)
    screen.fit()
  })
  watch(active, (now) => now && (rang.value = false))
  onScopeDispose(() => {
    clearTimeout(bellTimer)
    kept.forget()
    screen.dispose()
  })

  return {
    screen,
    shell,
    dark,
    screenReader,
    title,
    hovered,
    link,
    paste,
    bracketed,
    clipboardText,
    progress,
    bell,
    rang,
    hasSelection,
    copy,
    pasteFromClipboard,
    offerPaste,
    decidePaste,
    openLink,
    copyLink,
    closeLink,
    decideClipboard,
    setFontSize,
  }
}
