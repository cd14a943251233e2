// How many tests passed and failed, from each runner's own report.
import fs from 'node:fs'

/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * vitest --reporter=json. A skipped test counts as failed: what cannot be tested is not proved. So does a file that
 * could not be loaded, and a run without any test.
 * @param {string} file
 * @returns {Counts}
 */
export function vitestCounts(file) {
  const report = read(file)
  if (report === null) return { passed: 0, failed: 1 }
  let passed = 0
  let failed = 0
  for (const { status, assertionResults } of report.testResults) {
    const bad = assertionResults.filter(
      (/** @type {{ status: string }} */ test) => test.status !== 'passed',
    ).length
    passed += assertionResults.length - bad
    failed += bad === 0 && status === 'failed' ? 1 : bad
  }
  return passed + failed === 0 ? { passed: 0, failed: 1 } : { passed, failed }
}

/**
 * Playwright's json reporter; flaky and skipped count as failed.
 * @param {string} file
 * @returns {Counts}
 */
export function playwrightCounts(file) {
  const report = read(file)
  if (report === null) return { passed: 0, failed: 1 }
  const { expected, unexpected, flaky, skipped } = report.stats
  const failed = unexpected + flaky + skipped + (expected === 0 ? 1 : 0)
  return { passed: expected, failed: Math.max(failed, report.errors.length > 0 ? 1 : 0) }
}

/** @param {string} file */
function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null // the runner ended before it could write one; the callers count that as a failure
  }
}
