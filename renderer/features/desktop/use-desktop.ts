import RFB from '@novnc/novnc'
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { problem, type Problem } from '../../../shared/contract'
import { openStream, on } from '../../api/client'
import { useHosts } from '../../api/hosts'
import { DesktopStream } from './desktop-stream'
import { applyOptions, type ViewOptions } from './view-options'

export type DesktopPhase =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'running' }
  /** Comes back by itself: at `retryAt` (milliseconds since the epoch), or when the host is connected again. */
  | { readonly kind: 'lost'; readonly problem: Problem; readonly retryAt: number | null }
  | { readonly kind: 'ended'; readonly problem: Problem }

/** Waits before the next try, on a host that is connected. */
const pausesMs = [300, 1000, 3000, 10_000, 30_000]

export interface DesktopWishes {
  readonly host: string
  readonly display: number
  /** Where the picture goes; null before it is mounted. */
  readonly target: Ref<HTMLElement | null>
  readonly options: ViewOptions
  readonly shown: () => boolean
  /** The display copied a text. */
  readonly copied: (text: string) => void
  /** Called while the last picture is still there, before it goes. */
  readonly leaving: () => void
}

/** A view of a display, kept through dropped connections as long as the calling scope lives. */
export function useDesktop(wishes: DesktopWishes) {
  const { host, display, options } = wishes
  const hosts = useHosts()
  const phase = shallowRef<DesktopPhase>({ kind: 'connecting' })
  const name = shallowRef<string | null>(null)
  const rfb = shallowRef<RFB | null>(null)
  let stream: DesktopStream | null = null
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let disposed = false
  const up = computed(() => hosts.statusOf(host).state.kind === 'up')

  /** Connects the host if need be, then opens the display. */
  async function start(): Promise<void> {
    clearTimeout(timer)
    if (stream !== null || disposed) return
    phase.value = { kind: 'connecting' }
    if (!up.value) {
      const answer = await hosts.connect(host)
      if (disposed || stream !== null) return
      if (!answer.ok) {
        phase.value = { kind: 'ended', problem: answer.problem }
        return
      }
    }
    open()
  }

  function open(): void {
    const mine = new DesktopStream(openStream('desktop.view', { host, display }), {
      opened: () => show(mine),
      ended: (why) => {
        if (stream === mine)
          ended(why ?? problem('desktop.protocol', { display }, { host: hosts.nameOf(host) }))
      },
    })
    stream = mine
  }

  function show(channel: DesktopStream): void {
    const target = wishes.target.value
    if (target === null) {
      channel.close()
      return
    }
    const viewer = new RFB(target, channel, { shared: true })
    viewer.background = 'transparent'
    viewer.showDotCursor = true
    channel.measure(() => viewer._sock.rQlen())
    applyOptions(viewer, options, wishes.shown())
    viewer.addEventListener('connect', () => {
      if (rfb.value !== viewer) return
      failures = 0
      phase.value = { kind: 'running' }
      if (wishes.shown()) viewer.focus({ preventScroll: true })
    })
    viewer.addEventListener('desktopname', ({ detail }) => (name.value = detail.name))
    viewer.addEventListener('clipboard', ({ detail }) => wishes.copied(detail.text))
    rfb.value = viewer
  }

  function ended(why: Problem): void {
    if (rfb.value !== null) wishes.leaving()
    stream = null
    rfb.value = null
    if (disposed) return
    if (!mayComeBack(why)) {
      phase.value = { kind: 'ended', problem: why }
      return
    }
    failures += 1
    wait(why)
  }

  /** On a host that is away there is nothing to count: its own connection comes back with pauses of its own. */
  function wait(why: Problem): void {
    clearTimeout(timer)
    if (!up.value) {
      phase.value = { kind: 'lost', problem: why, retryAt: null }
      return
    }
    const pause = pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 300
    phase.value = { kind: 'lost', problem: why, retryAt: Date.now() + pause }
    timer = setTimeout(() => {
      if (stream === null && !disposed) open()
    }, pause)
  }

  watch(up, () => {
    if (phase.value.kind === 'lost' && stream === null) wait(phase.value.problem)
  })
  watch(
    () => [{ ...options }, wishes.shown()] as const,
    ([, shown]) => {
      if (rfb.value !== null) applyOptions(rfb.value, options, shown)
    },
  )
  const unhear = on('hostProcess.changed', (state) => {
    if (state.kind === 'gone') stream?.abandon(state.problem)
  })
  onScopeDispose(() => {
    disposed = true
    clearTimeout(timer)
    unhear()
    stream?.close()
  })

  return { phase, name, rfb, start }
}

function mayComeBack({ code }: Problem): boolean {
  return (
    code === 'ssh.lost' ||
    code === 'host.notConnected' ||
    code === 'host.connectionLost' ||
    code === 'app.hostProcessGone' ||
    code === 'desktop.closed'
  )
}
