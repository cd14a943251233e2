import { describe, expect, it } from 'vitest'
import { parseXLock } from './x-display-lock'
import { parseXScreen } from './x-display-screen'

describe('lock of an X display', () => {
  it('reads the pid', () => {
    expect(parseXLock('        88\n')).toBe(88)
    expect(parseXLock('1234567890\n')).toBe(1234567890)
  })
  it('refuses what no X server wrote', () => {
    expect(parseXLock('')).toBeNull()
    expect(parseXLock('hello\n')).toBeNull()
    expect(parseXLock('88\n89\n')).toBeNull()
  })
})

describe('screen of an X display', () => {
  it('reads xrandr', () => {
    expect(
      parseXScreen(
        'Screen 0: minimum 32 x 32, current 1024 x 768, maximum 32768 x 32768\nVNC-0 connected 1024x768+0+0',
      ),
    ).toEqual({ width: 1024, height: 768, depth: null })
  })
  it('reads xdpyinfo', () => {
    expect(
      parseXScreen(
        'screen #0:\n  dimensions:    1280x800 pixels (338x211 millimeters)\n  depth of root window:    24 planes\n',
      ),
    ).toEqual({ width: 1280, height: 800, depth: 24 })
  })
  it('says nothing of anything else', () => {
    expect(parseXScreen("Can't open display :4\n")).toBeNull()
  })
})
