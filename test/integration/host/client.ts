import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHostService, type HostService } from '../../../main/host/service'
import {
  settingsSchema,
  type ChangeProgress,
  type EventName,
  type Events,
  type Handlers,
  type HostStatus,
  type MethodsAt,
  type Profile,
  type Question,
  type Settings,
} from '../../../shared/contract'
import { accounts, type AccountName } from '../../lab/accounts'

/** The host process without its process: what the window would ask of it, in a test's hands. */
export interface Client {
  readonly ask: Handlers<MethodsAt<'host'>>
  readonly openStream: HostService['openStream']
  /** Profile id of the host. */
  readonly host: string
  readonly profile: Profile
  readonly userData: string
  /** Every event, as it was told. */
  readonly events: readonly { readonly name: EventName; readonly payload: unknown }[]
  readonly questions: readonly Question[]
  readonly progress: readonly ChangeProgress[]
  /** All that was logged. */
  readonly logged: readonly string[]
  status(): HostStatus
  /** What the user types when sudo, doas or a VNC display asks; null cancels. Taken in turn, the last one for ever. */
  answerWith(...answers: readonly (string | null)[]): void
  settings(change: Partial<Settings>): void
  end(): Promise<void>
}

/** A client signed in to a host of the lab by password. Trusts its key at first sight. */
export async function signIn(
  host: { readonly name: string; readonly address: string },
  account: AccountName,
  more: Partial<Profile> = {},
): Promise<Client> {
  const { user, password } = accounts[account]
  const userData = mkdtempSync(join(tmpdir(), 'wharfmaster-client-'))
  const events: { name: EventName; payload: unknown }[] = []
  const questions: Question[] = []
  const progress: ChangeProgress[] = []
  const logged: string[] = []
  let answers: readonly (string | null)[] = [password]
  let settings = settingsSchema.parse({})

  const answerPrivilege = (): string | null => {
    const [first = null, ...rest] = answers
    if (rest.length > 0) answers = rest
    return first
  }
  const hear = (question: Question) => {
    questions.push(question)
    const { id } = question
    if (question.kind === 'hostKey')
      return ask['question.answer']({ id, answer: { kind: 'hostKey', decision: 'accept-and-save' } })
    const typed = question.purpose === 'sudo' || question.purpose === 'vnc' ? answerPrivilege() : password
    return ask['question.answer']({
      id,
      answer:
        typed === null
          ? { kind: 'cancel' }
          : {
              kind: 'prompt',
              values: question.prompts.map(({ echo }) => (question.purpose === 'vnc' && echo ? user : typed)),
            },
    })
  }
  const emit = <N extends EventName>(name: N, payload: Events[N]) => {
    events.push({ name, payload })
    if (isNamed('question.asked', name, payload)) setImmediate(() => void hear(payload))
    if (isNamed('change.progress', name, payload)) progress.push(payload)
  }
  const service = createHostService({
    userData,
    environment: { platform: 'linux', home: userData, user: 'tester', hostname: 'here', variables: {} },
    settings: () => settings,
    emit,
    log: (line) => logged.push(line),
    proofPatienceMs: 1500,
  })
  const ask = service.handlers
  const profile: Profile = {
    id: 'the-host',
    name: host.name,
    address: host.address,
    port: 22,
    user,
    auth: [{ kind: 'password' }],
    jumps: [],
    group: '',
    tags: [],
    readOnly: false,
    legacy: false,
    keepalive: true,
    ...more,
  }
  await ask['profile.save']({ profile })
  const connected = await ask['host.connect']({ host: profile.id })
  if (!connected.ok) throw new Error(`${user}@${host.name}: ${JSON.stringify(connected.problem)}`)
  return {
    ask,
    openStream: (name, params, port) => service.openStream(name, params, port),
    host: profile.id,
    profile,
    userData,
    events,
    questions,
    progress,
    logged,
    status() {
      const all = ask['host.statuses']({})
      if (all instanceof Promise || !all.ok || all.value[0] === undefined) throw new Error('no status')
      return all.value[0]
    },
    answerWith(...next) {
      answers = next
    },
    settings(change) {
      settings = { ...settings, ...change }
      service.settingsChanged()
    },
    async end() {
      await service.dispose()
      rmSync(userData, { recursive: true })
    },
  }
}

function isNamed<N extends EventName>(wanted: N, name: EventName, payload: unknown): payload is Events[N] {
  return name === wanted && payload !== undefined
}
