import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { launchApp, root } from '../../test/e2e/launch'
import { startPractice, type Practice } from '../../test/lab/practice/practice'
import { demoHome } from './home'
import { tourPage } from './page'
import { runStep, type Done } from './step'
import { tourSteps } from './steps'

/**
 * The practice hosts with the app on them: the guided tour, or (`--stay`) the app for a person to play with until its
 * window is closed. Exit code 0: every step held.
 */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const folder = path.join(root, 'demo')

const asked = new Promise<'asked'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      resolve('asked')
    })
})
const starting = startPractice({ instance: `demo-${String(process.pid)}`, say })
const practice = await Promise.race([starting, asked])
// Before the hosts are up there is nobody to close the lab but its keeper, which does it when we are gone.
if (practice === 'asked') process.exit(130)
try {
  const all = process.argv.includes('--stay') ? stay(practice) : tour(practice)
  const code = await Promise.race([all, asked])
  process.exitCode = code === 'asked' ? 130 : code
} finally {
  say('taking the practice hosts down')
  await practice.lab.close()
}
process.exit()

async function stay(practice: Practice): Promise<number> {
  const running = await launchApp({ home: demoHome(practice, 'known') })
  say('The app is open on the practice hosts. Close its window, or press Ctrl+C, to end and take all down.')
  say(`virtual services: http://${practice.shop}/ and http://${practice.news}/`)
  await Promise.race([
    asked,
    new Promise<void>((resolve) =>
      running.app.once('close', () => {
        resolve()
      }),
    ),
  ])
  await running.close()
  return 0
}

async function tour(practice: Practice): Promise<number> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const running = await launchApp({ home: demoHome(practice, 'unknown') })
  const done: Done[] = []
  try {
    const steps = tourSteps({ running, practice })
    for (const [index, step] of steps.entries()) {
      const result = await runStep(step, running.page, folder, index + 1)
      done.push(result)
      say(
        `${String(index + 1)}/${String(steps.length)}  ${step.title}: ${result.failure === null ? 'held' : 'DID NOT HOLD'}  ${(result.ms / 1000).toFixed(1)} s`,
      )
      if (result.failure !== null) say(result.failure.replace(/^/gm, '     '))
    }
    const versions = await running.app.evaluate(
      ({ app }) => `Wharfmaster ${app.getVersion()}, Electron ${process.versions.electron}`,
    )
    writeFileSync(path.join(folder, 'index.html'), tourPage(done, `${versions} on real practice hosts`))
    writeFileSync(path.join(folder, 'app.log'), running.output.join('\n'))
  } finally {
    await running.close()
  }
  say(`the tour with its pictures: ${path.join('demo', 'index.html')}`)
  return done.every(({ failure }) => failure === null) ? 0 : 1
}
