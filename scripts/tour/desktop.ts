import { ChangeDialog, Window } from '../../test/e2e/pages/window'
import { hold, until, type Step } from './step'
import type { Tour } from './steps'

const line = 'date > ~/tour-desktop'

/** A desktop of the account desk: started as a change, looked at, typed into. */
export function desktopStep({ running: { page }, practice }: Tour): Step {
  const harbor = practice.host('harbor')
  return {
    id: 'desktop',
    title: 'Start a desktop and see its picture',
    what: 'Started as desk without root; its picture comes through the SSH connection, with no port opened here.',
    async run(picture) {
      const window = new Window(page)
      await window.connect('harbor (desk)')
      await window.openSection('Desktops')
      await page.getByTestId('start-desktop').first().click()
      await page.getByTestId('start-review').click()
      const change = new ChangeDialog(page)
      await change.commands.first().waitFor()
      await picture('preview')
      const sent = (await change.commands.allInnerTexts()).join('\n')
      const outcome = await change.apply()
      hold(outcome === 'proved', 'the start is proved', String(outcome))
      await picture('proof')
      // A desktop that was started here opens by itself, once the proof was read.
      await page.keyboard.press('Escape')
      await page.locator('[data-testid=desktop][data-phase=running]').waitFor({ timeout: 30_000 })
      const colours = await until(
        20,
        () => coloursOf(page),
        (count) => count >= 3,
      )
      hold(colours >= 3, 'the picture is not blank', `${String(colours)} colours`)
      await page.waitForTimeout(1500)
      const surface = page.getByTestId('desktop-surface').locator('canvas')
      const box = await surface.boundingBox()
      hold(box !== null, 'the picture has a place')
      // twm gives the keyboard to the window below the pointer: the session's one xterm, at its upper left.
      await page.mouse.move(box.x + 120, box.y + 120)
      await page.keyboard.type(line, { delay: 20 })
      await page.keyboard.press('Enter')
      const made = await until(
        10,
        () => harbor.sh('cat /home/desk/tour-desktop').then(({ stdout }) => stdout),
        (text) => text !== '',
      )
      hold(made !== '', 'keys typed in the viewer reach the xterm on the host')
      const processes = await harbor.must(
        'ps -u desk -o pid,args | grep -E "Xtigervnc|Xvnc|twm|xterm" | grep -v grep',
      )
      return {
        sent: `${sent}\n\ntyped into the picture: ${line}`,
        answer: `~/tour-desktop: ${made}\n${processes}`,
      }
    },
  }
}

/** How many colours the viewer's canvas shows, in a grid of samples. */
function coloursOf(page: Tour['running']['page']): Promise<number> {
  return page
    .getByTestId('desktop-surface')
    .locator('canvas')
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      const colours = new Set<number>()
      for (let at = 0; at + 2 < pixels.length; at += 4 * 37)
        colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0))
      return colours.size
    })
}
