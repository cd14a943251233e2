/** One timer for the step at hand. It stands still while the user is being asked. */
export class Deadline {
  private timer: ReturnType<typeof setTimeout> | undefined
  private milliseconds = 0
  private held = 0

  constructor(private readonly expired: () => void) {}

  /** Starts the time for a new step; one that was running is dropped. */
  start(milliseconds: number): void {
    this.milliseconds = milliseconds
    this.rearm()
  }

  /** Stops the time until `wait` settles, then gives the step its whole time again. */
  async during<T>(wait: Promise<T>): Promise<T> {
    this.held++
    clearTimeout(this.timer)
    try {
      return await wait
    } finally {
      this.held--
      this.rearm()
    }
  }

  stop(): void {
    this.milliseconds = 0
    clearTimeout(this.timer)
  }

  private rearm(): void {
    clearTimeout(this.timer)
    if (this.held > 0 || this.milliseconds === 0) return
    this.timer = setTimeout(this.expired, this.milliseconds)
  }
}
