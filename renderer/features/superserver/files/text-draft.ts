import { computed, ref, type Ref } from 'vue'
import {
  edited,
  fileIn,
  textOf,
  type SuperserverIntent,
  type SuperserverState,
} from '../../../../shared/model/superserver'
import { useForeseen } from '../foreseen'

/** A file as text: what is typed stands on top of what is read, and the daemons' models judge it as it grows. */
export function useTextDraft(state: Readonly<Ref<SuperserverState>>, path: Readonly<Ref<string>>) {
  /** With what the file was when typing began: whoever changes it meanwhile, is not overwritten. */
  const typed = ref<{ readonly text: string; readonly digest: string | null } | null>(null)
  const file = computed(() => fileIn(state.value, path.value))
  /** null: it could not be read. A file that is not there is an empty one. */
  const read = computed(() => textOf(file.value))
  const digest = computed(() => (file.value?.kind === 'file' ? file.value.digest : null))
  const intent = computed<SuperserverIntent>(() => ({
    capability: 'superserver',
    reason: '',
    kind: 'editText',
    path: path.value,
    digest: typed.value === null ? digest.value : typed.value.digest,
    text: typed.value?.text ?? read.value ?? '',
  }))
  const dirty = computed(() => typed.value !== null && typed.value.text !== read.value)
  const after = computed(() => {
    const made = dirty.value ? edited(state.value, intent.value) : null
    return made?.ok === true ? made.value : state.value
  })
  return {
    read,
    text: computed(() => (read.value === null ? null : (typed.value?.text ?? read.value))),
    /** The host as it would be. */
    after,
    dirty,
    foreseen: useForeseen(
      state,
      computed(() => (dirty.value ? intent.value : null)),
    ),
    intent,
    type(text: string): void {
      const from = typed.value === null ? digest.value : typed.value.digest
      typed.value = text === read.value ? null : { text, digest: from }
    },
    reset: () => void (typed.value = null),
  }
}
