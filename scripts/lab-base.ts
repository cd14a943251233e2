import { ensureBase } from '../test/lab/base/build'
import { preflight } from '../test/lab/preflight'

/** Builds what all practice hosts share, for the set-up script. Says why when this machine cannot run them. */
try {
  await preflight()
  await ensureBase((line) => {
    console.log(line)
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
