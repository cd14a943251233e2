import { hold, until, type Step } from './step'
import type { Tour } from './steps'

const line = 'echo "moored: $(hostname), 系泊完成 🚢" | tee /tmp/tour-terminal'

/** A command typed key by key; its trace is looked for on the host. */
export function terminalStep({ running: { page }, practice }: Tour): Step {
  const harbor = practice.host('harbor')
  return {
    id: 'terminal',
    title: 'Use the terminal',
    what: 'A login shell in a tab, with Chinese and emoji, and a colourful listing.',
    async run() {
      await page.getByRole('button', { name: 'New terminal' }).first().click()
      const terminal = page.getByTestId('terminal')
      await terminal.waitFor()
      await terminal.locator('.xterm-helper-textarea').waitFor({ state: 'attached' })
      await until(
        10,
        () => harbor.must('pgrep -u admin -x bash || true'),
        (pids) => pids.trim() !== '',
      )
      await page.waitForTimeout(800)
      await terminal.click()
      for (const text of ['ls --color -l /', line]) {
        await page.keyboard.insertText(text)
        await page.keyboard.press('Enter')
        await page.waitForTimeout(400)
      }
      const found = await until(
        10,
        () => harbor.sh('cat /tmp/tour-terminal').then(({ stdout }) => stdout),
        (text) => text.includes('moored'),
      )
      hold(found.trim() === 'moored: harbor, 系泊完成 🚢', 'what was typed ran on the host', found)
      await page.waitForTimeout(500)
      return { sent: line, answer: `/tmp/tour-terminal: ${found}` }
    },
  }
}
