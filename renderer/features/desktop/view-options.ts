import { reactive } from 'vue'
import type RFB from '@novnc/novnc'

/** fit: the picture is scaled to the tab. actual: pixel for pixel, moved by dragging. remote: the desktop gets the tab's size. */
export const scalings = ['fit', 'actual', 'remote'] as const
export type Scaling = (typeof scalings)[number]

export const qualities = ['best', 'good', 'slow'] as const
export type Quality = (typeof qualities)[number]

export interface ViewOptions {
  scaling: Scaling
  viewOnly: boolean
  quality: Quality
  /** Texts copied here can be pasted there, and the other way round. */
  clipboard: boolean
  /** With `actual`: dragging moves the picture, not what is in it. */
  dragging: boolean
}

export const newViewOptions = (): ViewOptions =>
  reactive({ scaling: 'fit', viewOnly: false, quality: 'good', clipboard: true, dragging: false })

/** noVNC's figures: JPEG quality and zlib effort. On a slow line less is sent; colours stay, as it shows no 8-bit ones. */
const levels: Readonly<Record<Quality, { readonly quality: number; readonly compression: number }>> = {
  best: { quality: 9, compression: 1 },
  good: { quality: 6, compression: 2 },
  slow: { quality: 2, compression: 9 },
}

/** @param shown a desktop in a hidden tab has no size, and must not be made as small */
export function applyOptions(rfb: RFB, options: Readonly<ViewOptions>, shown: boolean): void {
  rfb.viewOnly = options.viewOnly
  rfb.scaleViewport = options.scaling === 'fit'
  rfb.clipViewport = options.scaling === 'actual'
  rfb.dragViewport = options.scaling === 'actual' && options.dragging
  rfb.resizeSession = options.scaling === 'remote' && shown && !options.viewOnly
  rfb.qualityLevel = levels[options.quality].quality
  rfb.compressionLevel = levels[options.quality].compression
}
