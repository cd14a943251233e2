import { computed, ref, type Ref } from 'vue'
import { assignmentsOf, xinetd, type Assignment } from '../../../shared/lens/xinetd'
import {
  edited,
  type DefaultsBlock,
  type SuperserverIntent,
  type SuperserverState,
  type XinetdService,
} from '../../../shared/model/superserver'
import { blockAt, type BlockKind } from './service/block-kind'

/** What the user wants of one attribute: words, lines with their operators, or null to inherit again. */
export type Wanted = readonly string[] | readonly Assignment[] | null

export type Origin = 'own' | 'defaults' | 'builtin' | 'none'

export type Draft<B extends XinetdService | DefaultsBlock> = ReturnType<typeof useDraft<B>>

/**
 * A draft is the wish alone, on top of what is read: a refresh below it changes what is not touched and overwrites
 * nothing the user typed. Form and text are two views of it: what the form wishes is written into the text as the host
 * would have it, and what is typed as text is what the form then stands on. The daemon's model judges it as it grows.
 */
export function useDraft<B extends XinetdService | DefaultsBlock>(
  state: Readonly<Ref<SuperserverState>>,
  block: Readonly<Ref<B>>,
  kind: BlockKind<B>,
) {
  const wanted = ref<ReadonlyMap<string, Wanted>>(new Map())
  const comment = ref<readonly string[] | null>(null)
  /** With what the file was when typing began: whoever changes it meanwhile is not overwritten. */
  const typed = ref<{ readonly text: string; readonly digest: string } | null>(null)

  const path = computed(() => block.value.path)
  /** Which of the file's blocks it is: an edit may give a service another id. */
  const place = computed(() =>
    kind.blocksIn(state.value, path.value).findIndex((one) => kind.isSame(one, block.value)),
  )

  const read = computed(() => textIn(state.value, path.value))
  const base = computed(() =>
    typed.value === null
      ? state.value
      : after(state.value, {
          capability: 'superserver',
          reason: '',
          kind: 'editText',
          path: path.value,
          digest: digestIn(state.value, path.value),
          text: typed.value.text,
        }),
  )
  const below = computed(() => kind.blocksIn(base.value, path.value)[place.value] ?? block.value)
  const formIntent = computed(() =>
    kind.intent(typed.value === null ? block.value : below.value, {
      set: Object.fromEntries([...wanted.value].map(([name, value]) => [name, copied(value)])),
      ...(comment.value === null ? {} : { comment: [...comment.value] }),
    }),
  )
  const isForm = computed(() => wanted.value.size > 0 || comment.value !== null)
  const drafted = computed(() => (isForm.value ? after(base.value, formIntent.value) : base.value))
  const text = computed(() => textIn(drafted.value, path.value))
  /** The block as the daemon would have it. */
  const outcome = computed(() => kind.blocksIn(drafted.value, path.value)[place.value] ?? block.value)
  const dirty = computed(() => text.value !== read.value)

  const intent = computed<SuperserverIntent>(() =>
    typed.value === null
      ? formIntent.value
      : {
          capability: 'superserver',
          reason: '',
          kind: 'editText',
          path: path.value,
          digest: typed.value.digest,
          text: text.value ?? '',
        },
  )

  function set(name: string, value: Wanted): void {
    const next = new Map(wanted.value)
    const now = below.value.settings[name]
    const isUnchanged =
      value === null
        ? linesOf(name).length === 0
        : value.every((word) => typeof word === 'string') &&
          now?.origin === 'own' &&
          value.join('\0') === now.values.join('\0')
    if (isUnchanged) next.delete(name)
    else next.set(name, value)
    wanted.value = next
  }

  const written = computed(() => {
    if (text.value === null) return null
    const document = xinetd.parse(text.value)
    return blockAt(document, kind.nodeAt(document, outcome.value))
  })

  /** The block's own lines of an attribute in the text as it would be. */
  function linesOf(name: string): readonly Assignment[] {
    return written.value === null
      ? []
      : assignmentsOf(written.value.node, name).map(({ operator, values }) => ({ operator, values }))
  }

  return {
    set,
    linesOf,
    /** What the form shows: the wish where there is one, else what holds. */
    shown(name: string): readonly string[] {
      const wish = wanted.value.get(name)
      const isWords = (value: Wanted): value is readonly string[] =>
        value?.every((word) => typeof word === 'string') === true
      return wish !== undefined && isWords(wish) && wish !== null
        ? wish
        : (outcome.value.settings[name]?.values ?? [])
    },
    originOf(name: string): Origin {
      return linesOf(name).length > 0 ? 'own' : (outcome.value.settings[name]?.origin ?? 'none')
    },
    isTouched: (name: string) => wanted.value.has(name),
    comment: computed(() => comment.value ?? written.value?.comment ?? []),
    setComment: (lines: readonly string[]) => void (comment.value = lines),
    text,
    read,
    /** What is typed as text stands for all that the form wished. */
    type(whole: string): void {
      const digest = typed.value?.digest ?? digestIn(state.value, path.value)
      typed.value = whole === read.value ? null : { text: whole, digest }
      wanted.value = new Map()
      comment.value = null
    },
    outcome,
    dirty,
    intent,
    reset(): void {
      wanted.value = new Map()
      comment.value = null
      typed.value = null
    },
  }
}

function copied(value: Wanted): string[] | { operator: '=' | '+=' | '-='; values: string[] }[] | null {
  if (value === null) return null
  const lines = value.flatMap((item) =>
    typeof item === 'string' ? [] : [{ operator: item.operator, values: [...item.values] }],
  )
  return lines.length > 0 ? lines : value.flatMap((item) => (typeof item === 'string' ? [item] : []))
}

/** The state as the intent would make it; where it cannot be carried out, as it is. */
function after(state: SuperserverState, intent: SuperserverIntent): SuperserverState {
  const made = edited(state, intent)
  return made.ok ? made.value : state
}

function textIn({ xinetd: of }: SuperserverState, path: string): string | null {
  const file = of?.files[path]
  return file?.kind === 'file' ? file.text : null
}

function digestIn({ xinetd: of }: SuperserverState, path: string): string {
  const file = of?.files[path]
  return file?.kind === 'file' ? file.digest : ''
}
