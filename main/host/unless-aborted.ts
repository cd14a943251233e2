/** Waits for it, or until the signal says that nobody wants to wait any more. */
export function unlessAborted(wanted: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return wanted
  return new Promise<void>((resolve, reject) => {
    const stop = () => resolve()
    signal.addEventListener('abort', stop)
    void wanted.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    if (signal.aborted) stop()
  })
}
