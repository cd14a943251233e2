import type { Section } from '../script'

declare const mark: unique symbol
/** What a script must carry to be run as one that changes something. Nobody else can make it. */
export type Acting = { readonly [mark]: true }

/** A section that may change the host. */
export type ActingSection = Section & { readonly acting: Acting }

/**
 * Makes a section that writes. The change engine alone imports this (the layer check holds it), so whatever else
 * reaches a host through `run` is a reading: it runs in the background of its script, and is killed when it is late.
 */
export function acting(section: Omit<Section, 'acting'>): ActingSection {
  // The one place where the mark is given; it has no value at run time but to be there.
  return { ...section, acting: {} as Acting }
}
