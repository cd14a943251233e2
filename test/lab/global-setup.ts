import { sharePractice } from './practice/practice'

/** The globalSetup of vitest and of Playwright: both call the function it gives after the last test. */
export default function setup(): Promise<() => Promise<void>> {
  return sharePractice()
}
