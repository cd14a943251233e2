import { inject, type InjectionKey } from 'vue'
import type { Section } from '../api/feature'

/** The pages that a host has; given by the shell, so that a page can link to another without knowing it. */
export const sectionsKey: InjectionKey<readonly Section[]> = Symbol('sections')

export const useSections = (): readonly Section[] => inject(sectionsKey, [])
