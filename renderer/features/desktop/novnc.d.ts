/** What we use of noVNC 1.7 (docs/API.md), which brings no types. */
declare module '@novnc/novnc' {
  /** Anything that behaves as a WebSocket; its members must be own properties or its class's own methods. */
  export interface RawChannel {
    readonly protocol: string
    readonly readyState: 'connecting' | 'open' | 'closing' | 'closed'
    binaryType: string
    onopen: ((event: unknown) => void) | null
    onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null
    onerror: ((event: unknown) => void) | null
    send(data: Uint8Array): void
    close(): void
  }

  export interface RfbEvents {
    connect: CustomEvent<Record<string, never>>
    disconnect: CustomEvent<{ readonly clean: boolean }>
    desktopname: CustomEvent<{ readonly name: string }>
    clipboard: CustomEvent<{ readonly text: string }>
    clippingviewport: CustomEvent<boolean>
  }

  export default class RFB {
    constructor(target: HTMLElement, channel: RawChannel, options?: { readonly shared?: boolean })
    viewOnly: boolean
    scaleViewport: boolean
    clipViewport: boolean
    dragViewport: boolean
    resizeSession: boolean
    showDotCursor: boolean
    focusOnClick: boolean
    /** 0 (worst) to 9 (best). */
    qualityLevel: number
    /** 0 (none) to 9 (most). */
    compressionLevel: number
    /** CSS background behind the screen. */
    background: string
    readonly clippingViewport: boolean
    /** Not published: bytes that came and were not read yet. noVNC reads nothing while it decodes pictures. */
    readonly _sock: { rQlen(): number }
    addEventListener<K extends keyof RfbEvents>(type: K, listener: (event: RfbEvents[K]) => void): void
    disconnect(): void
    focus(options?: FocusOptions): void
    blur(): void
    /** Without `down`: pressed and released. `code` as KeyboardEvent.code; '' where the keysym says it all. */
    sendKey(keysym: number, code: string, down?: boolean): void
    sendCtrlAltDel(): void
    clipboardPasteFrom(text: string): void
  }
}
