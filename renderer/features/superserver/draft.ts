import { computed, ref, type Ref } from 'vue'
import { assignmentsOf, commentOf, idOf, xinetd, type Assignment } from '../../../shared/lens/xinetd'
import {
  edited,
  resolve,
  type SuperserverIntent,
  type SuperserverState,
  type XinetdService,
} from '../../../shared/model/superserver'

/** What the user wants of one attribute: words, lines with their operators, or null to inherit again. */
export type Wanted = readonly string[] | readonly Assignment[] | null

export type Origin = 'own' | 'defaults' | 'builtin' | 'none'

/**
 * A draft is the wish alone, on top of what is read: a refresh below it changes what is not touched and overwrites
 * nothing the user typed. Form and text are two views of it: what the form wishes is written into the text as the host
 * would have it, and what is typed as text is what the form then stands on. The daemon's model judges it as it grows.
 */
export function useDraft(state: Readonly<Ref<SuperserverState>>, service: Readonly<Ref<XinetdService>>) {
  const wanted = ref<ReadonlyMap<string, Wanted>>(new Map())
  const comment = ref<readonly string[] | null>(null)
  const typed = ref<string | null>(null)

  const path = computed(() => service.value.path)
  const reference = computed(() => {
    const { id, occurrence } = service.value
    return { path: path.value, id, occurrence }
  })
  /** Which of the file's services it is: an edit may give it another id. */
  const place = computed(() =>
    servicesIn(state.value, path.value).findIndex((one) => isSame(one, service.value)),
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
          text: typed.value,
        }),
  )
  const below = computed(() => servicesIn(base.value, path.value)[place.value] ?? service.value)
  const formIntent = computed<SuperserverIntent>(() => ({
    capability: 'superserver',
    reason: '',
    kind: 'editService',
    service: typed.value === null ? reference.value : refOf(below.value),
    set: Object.fromEntries([...wanted.value].map(([name, value]) => [name, copied(value)])),
    ...(comment.value === null ? {} : { comment: [...comment.value] }),
  }))
  const isForm = computed(() => wanted.value.size > 0 || comment.value !== null)
  const drafted = computed(() => (isForm.value ? after(base.value, formIntent.value) : base.value))
  const text = computed(() => textIn(drafted.value, path.value))
  /** The service as the daemon would have it. */
  const outcome = computed(() => servicesIn(drafted.value, path.value)[place.value] ?? service.value)
  const dirty = computed(() => text.value !== read.value)

  const intent = computed<SuperserverIntent>(() =>
    typed.value === null
      ? formIntent.value
      : {
          capability: 'superserver',
          reason: '',
          kind: 'editText',
          path: path.value,
          digest: digestIn(state.value, path.value),
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

  /** The service's own lines of an attribute in the text as it would be. */
  function linesOf(name: string): readonly Assignment[] {
    const block = blockOf(text.value, outcome.value)
    return block === null
      ? []
      : assignmentsOf(block.node, name).map(({ operator, values }) => ({ operator, values }))
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
    comment: computed(() => comment.value ?? blockOf(text.value, outcome.value)?.comment ?? []),
    setComment: (lines: readonly string[]) => void (comment.value = lines),
    text,
    read,
    /** What is typed as text stands for all that the form wished. */
    type(whole: string): void {
      typed.value = whole === read.value ? null : whole
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

const refOf = ({ path, id, occurrence }: XinetdService) => ({ path, id, occurrence })
const isSame = (a: XinetdService, b: XinetdService): boolean => a.id === b.id && a.occurrence === b.occurrence

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

function servicesIn({ xinetd: of }: SuperserverState, path: string): readonly XinetdService[] {
  return of === null ? [] : resolve(of).services.filter((service) => service.path === path)
}

function textIn({ xinetd: of }: SuperserverState, path: string): string | null {
  const file = of?.files[path]
  return file?.kind === 'file' ? file.text : null
}

function digestIn({ xinetd: of }: SuperserverState, path: string): string {
  const file = of?.files[path]
  return file?.kind === 'file' ? file.digest : ''
}

function blockOf(text: string | null, { id, occurrence }: XinetdService) {
  if (text === null) return null
  const document = xinetd.parse(text)
  let seen = 0
  for (const [at, node] of document.nodes.entries()) {
    if (node.kind !== 'service' || idOf(node) !== id) continue
    if (seen === occurrence) return { node, comment: commentOf(document, at).map(({ text: line }) => line) }
    seen += 1
  }
  return null
}
