import { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'

/**
 * Programs' own colours are made readable on our background (WCAG AA). Only here: the DOM renderer of xterm 6 takes
 * reversed text of the default colours for invisible, and greys it.
 */
const readableContrast = 4.5

/** Contexts are few (about 16 a page) and leak on dispose, so only what is seen has one, and it is given back. */
export class Gpu {
  readonly #terminal: Terminal
  #addon: WebglAddon | null = null
  #context: WebGL2RenderingContext | null = null

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  get on(): boolean {
    return this.#addon !== null
  }

  /** Draws by WebGL where the machine has a real GPU; else the terminal goes on drawing by DOM. */
  attach(): void {
    if (this.#addon !== null || !hasGpu()) return
    const addon = new WebglAddon()
    try {
      this.#terminal.loadAddon(addon)
    } catch {
      addon.dispose() // no context to be had: DOM it is
      return
    }
    addon.onContextLoss(() => this.detach())
    this.#addon = addon
    this.#terminal.options.minimumContrastRatio = readableContrast
    const canvases = this.#terminal.element?.querySelectorAll('canvas') ?? []
    for (const canvas of canvases) this.#context ??= canvas.getContext('webgl2')
  }

  detach(): void {
    const addon = this.#addon
    if (addon === null) return
    this.#addon = null
    const context = this.#context
    this.#context = null
    this.#terminal.options.minimumContrastRatio = 1
    addon.dispose()
    context?.getExtension('WEBGL_lose_context')?.loseContext()
  }
}

let known: boolean | undefined

/** A software renderer takes more of the processor than the DOM does. */
function hasGpu(): boolean {
  known ??= probe()
  return known
}

function probe(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  if (context === null) return false
  const info = context.getExtension('WEBGL_debug_renderer_info')
  const renderer: unknown = info === null ? '' : context.getParameter(info.UNMASKED_RENDERER_WEBGL)
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return typeof renderer !== 'string' || !/swiftshader|llvmpipe|software|basic render/i.test(renderer)
}
