import { defineStore } from 'pinia'
import { ref } from 'vue'

/** The dialogs of the window that any page may open. One at a time. */
export type Dialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  /** `id: null` makes a new host. */
  | { readonly kind: 'hostForm'; readonly id: string | null }
  | { readonly kind: 'import' }
  | { readonly kind: 'removeHost'; readonly id: string }

export const useDialogs = defineStore('dialogs', () => {
  const current = ref<Dialog | null>(null)
  const show = (dialog: Dialog) => (current.value = dialog)
  const close = () => (current.value = null)
  return { current, show, close }
})
