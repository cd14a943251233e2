import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Whether the window is dark now: the class that Nuxt UI's colour mode keeps on the page. */
export function useDark(): Readonly<Ref<boolean>> {
  const root = document.documentElement
  const dark = ref(root.classList.contains('dark'))
  const observer = new MutationObserver(() => (dark.value = root.classList.contains('dark')))
  observer.observe(root, { attributes: true, attributeFilter: ['class'] })
  onScopeDispose(() => observer.disconnect())
  return readonly(dark)
}
