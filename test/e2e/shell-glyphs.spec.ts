import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from './fixture'
import { root } from './launch'

/** Every character that the Chinese window writes, and some that hosts write: drawn, and not as an empty box. */
function characters(): readonly string[] {
  const folder = path.join(root, 'renderer/i18n/zh-CN')
  const text = readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('')
  return [...new Set(Array.from(text + '⌘⌥⇧⌃…→←↑↓−·“”🚢⚓😀👍🏽❤️'))].filter(
    (one) => !/\s|\p{M}|\u200d|\ufe0f/u.test(one),
  )
}

test('every character of the Chinese texts, and emoji, have a glyph in the window’s fonts', async ({
  page,
}) => {
  await page.getByTestId('first-run').waitFor()
  const drawn = await page.evaluate((wanted) => {
    const size = 32
    const canvas = document.createElement('canvas')
    canvas.width = size * 2
    canvas.height = size * 2
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (context === null) throw new Error('no canvas')
    const picture = (character: string, family: string): string => {
      context.clearRect(0, 0, canvas.width, canvas.height)
      context.font = `${String(size)}px ${family}`
      context.textBaseline = 'top'
      context.fillText(character, 4, 4)
      return [...context.getImageData(0, 0, canvas.width, canvas.height).data].join(',')
    }
    const style = getComputedStyle(document.body)
    const family = style.fontFamily
    const blank = picture(' ', family)
    // Noncharacters and unassigned places have no glyph in any font: what is drawn for them is the box.
    const boxes = new Set(
      ['\u{10fffe}', '\u{e0fff}', '\u0378', '\u{1ffff}'].map((one) => picture(one, family)),
    )
    const missing = wanted.filter((one) => {
      const seen = picture(one, family)
      return seen === blank || boxes.has(seen)
    })
    return { missing, boxSeen: picture('\u{10fffe}', family) !== blank, count: wanted.length }
  }, characters())
  expect(drawn.missing).toEqual([])
  expect(drawn.boxSeen, 'a missing glyph can be told from a blank').toBe(true)
  expect(drawn.count).toBeGreaterThan(300)
})
