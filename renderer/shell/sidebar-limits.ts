/** Widths of the sidebar, in pixels. */
export const sidebarLimits = { least: 180, most: 420, usual: 248 } as const
