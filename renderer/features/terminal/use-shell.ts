import { computed, onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Problem } from '../../../shared/contract'
import { openStream, on } from '../../api/client'
import { useHosts } from '../../api/hosts'
import { ShellStream } from './shell-stream'

export type ShellPhase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  /** Comes back by itself once the host is connected again. */
  | { readonly kind: 'lost'; readonly problem: Problem }
  /** `code` null: ended by a signal, or closed with the connection. */
  | { readonly kind: 'ended'; readonly code: number | null }
  | { readonly kind: 'failed'; readonly problem: Problem }

export interface ShellScreen {
  size(): { readonly columns: number; readonly rows: number }
  draw(bytes: Uint8Array, drawn: () => void): void
  /** A new shell starts below what is there; after the first one. */
  started(again: boolean): void
  stopped(phase: ShellPhase): void
}

/** Waits between tries to open a shell on a connection that says it is up. */
const pausesMs = [300, 1000, 3000, 10_000]

/** A shell on a host, kept through dropped connections as long as the calling scope lives. */
export function useShell(hostId: MaybeRefOrGetter<string>, screen: ShellScreen) {
  const hosts = useHosts()
  const phase = shallowRef<ShellPhase>({ kind: 'starting' })
  const waitsForHost = ref(false)
  let stream: ShellStream | null = null
  let everOpened = false
  /** The user said that a shell on this read-only host is his own hands; asked once a tab. */
  let acknowledged = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let disposed = false

  const up = computed(() => hosts.statusOf(toValue(hostId)).state.kind === 'up')

  /**
   * Connects the host if need be, then opens a shell on it.
   * @param acknowledge the user wants it although the host is read-only
   */
  async function start(acknowledge = false): Promise<void> {
    acknowledged ||= acknowledge
    clearTimeout(timer)
    if (stream !== null) return
    phase.value = { kind: 'starting' }
    if (!up.value) {
      const answer = await hosts.connect(toValue(hostId))
      if (disposed || stream !== null) return
      if (!answer.ok) {
        stop({ kind: 'failed', problem: answer.problem })
        return
      }
    }
    open()
  }

  function open(): void {
    if (disposed || stream !== null) return
    waitsForHost.value = false
    let opened = false
    const wish = { host: toValue(hostId), ...screen.size(), acknowledgeReadOnly: acknowledged }
    const mine = new ShellStream(openStream('terminal.open', wish), {
      opened() {
        opened = true
        failures = 0
        phase.value = { kind: 'running' }
        screen.started(everOpened)
        everOpened = true
        const { columns, rows } = screen.size()
        mine.resize(columns, rows)
      },
      data: (bytes, drawn) => screen.draw(bytes, drawn),
      ended(problem, code) {
        stream = null
        if (problem === null) stop({ kind: 'ended', code })
        else if (isDrop(problem) && (opened || everOpened)) lose(problem)
        else stop({ kind: 'failed', problem })
      },
    })
    stream = mine
  }

  function lose(problem: Problem): void {
    if (phase.value.kind !== 'lost') stop({ kind: 'lost', problem })
    waitsForHost.value = true
    comeBack()
  }

  function comeBack(): void {
    clearTimeout(timer)
    if (!waitsForHost.value || !up.value) return
    const pause = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0
    failures += 1
    timer = setTimeout(() => {
      if (waitsForHost.value && up.value) open()
    }, pause)
  }

  function stop(next: ShellPhase): void {
    waitsForHost.value = false
    phase.value = next
    screen.stopped(next)
  }

  watch(up, () => comeBack())
  const unhear = on('hostProcess.changed', (state) => {
    if (state.kind === 'gone') stream?.abandon(state.problem)
  })

  onScopeDispose(() => {
    disposed = true
    clearTimeout(timer)
    unhear()
    stream?.close()
  })

  return {
    phase,
    start,
    send: (bytes: Uint8Array) => stream?.send(bytes),
    resize: (columns: number, rows: number) => stream?.resize(columns, rows),
  }
}

/** The connection went away under the shell; it may come back. */
function isDrop({ code }: Problem): boolean {
  return (
    code === 'ssh.lost' ||
    code === 'host.notConnected' ||
    code === 'host.connectionLost' ||
    code === 'app.hostProcessGone'
  )
}
