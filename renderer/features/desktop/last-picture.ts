/** Copies what a viewer shows, so that it stays on the screen, dimmed, while the connection is away. */
export function keepPicture(viewer: HTMLElement | null, into: HTMLCanvasElement | null): boolean {
  const canvas = viewer?.querySelector('canvas')
  const context = into?.getContext('2d')
  if (canvas === null || canvas === undefined || context === null || context === undefined || into === null)
    return false
  if (canvas.width === 0 || canvas.height === 0) return false
  into.width = canvas.width
  into.height = canvas.height
  context.drawImage(canvas, 0, 0)
  return true
}
