import path from 'node:path'
import { screen, type BrowserWindow, type Rectangle } from 'electron'
import { z } from 'zod'
import { readJson, writeJson } from '../store/json-file'
import { usualSize } from './window'

const boundsSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(400).default(usualSize.width),
  height: z.number().int().min(300).default(usualSize.height),
  maximized: z.boolean().default(false),
})

/** Puts the window, which is not shown yet, where it stood last time, and keeps its place when it closes. */
export function placeWindow(
  window: BrowserWindow,
  folder: string,
  complain: (message: string) => void,
): void {
  const file = path.join(folder, 'window.json')
  const saved = readJson(file, boundsSchema, {}, complain)
  window.setBounds({ width: saved.width, height: saved.height, ...visiblePlace(saved) })
  if (saved.maximized) window.maximize()
  window.on('close', () => {
    try {
      writeJson(file, { ...window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      complain(`the window's place could not be kept: ${String(error)}`)
    }
  })
}

/** A window remembered on a screen that is gone would open where nobody sees it. */
function visiblePlace(saved: z.output<typeof boundsSchema>): Pick<Rectangle, 'x' | 'y'> | object {
  const { x, y } = saved
  if (x === undefined || y === undefined) return {}
  const seen = screen.getAllDisplays().some(({ workArea }) => {
    const right = workArea.x + workArea.width
    const bottom = workArea.y + workArea.height
    return x + 100 > workArea.x && x + 100 < right && y >= workArea.y - 50 && y + 50 < bottom
  })
  return seen ? { x, y } : {}
}
