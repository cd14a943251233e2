import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, knownHostsIn } from '../../../main/ssh'
import type {
  Asker,
  AuthMethod,
  ConnectDeps,
  ConnectionState,
  Environment,
  Hop,
  HostKeyDecision,
  HostKeyQuestion,
  PromptQuestion,
  Route,
  Transport,
} from '../../../main/ssh'
import type { Answer } from '../../../shared/contract/answer'
import type { Problem } from '../../../shared/contract/problem'

/** Answers in the user's place and keeps what was asked. */
export interface ScriptedAsker extends Asker {
  readonly prompts: PromptQuestion[]
  readonly hostKeys: HostKeyQuestion[]
}

export function scriptedAsker(
  answer: (question: PromptQuestion) => readonly string[] | null = () => null,
  decide: (question: HostKeyQuestion) => HostKeyDecision = () => 'accept-once',
): ScriptedAsker {
  const prompts: PromptQuestion[] = []
  const hostKeys: HostKeyQuestion[] = []
  return {
    prompts,
    hostKeys,
    prompt: (question) => {
      prompts.push(question)
      return Promise.resolve(answer(question))
    },
    hostKey: (question) => {
      hostKeys.push(question)
      return Promise.resolve(decide(question))
    },
  }
}

export async function emptyHome(): Promise<Environment> {
  const home = await mkdtemp(join(tmpdir(), 'wharfmaster-home-'))
  return { platform: 'linux', home, user: 'tester', hostname: 'here', variables: {} }
}

export function hopTo(port: number, auth: readonly AuthMethod[], more: Partial<Hop> = {}): Hop {
  return {
    name: 'harbor',
    address: '127.0.0.1',
    port,
    user: 'root',
    auth,
    legacy: false,
    keepalive: true,
    ...more,
  }
}

const opened = new Set<Transport>()

/** A transport of a test; `closeTransports` ends it. */
export function open(route: Route, deps: Partial<ConnectDeps> & { env: Environment }): Transport {
  const transport = connect(route, {
    asker: deps.asker ?? scriptedAsker(),
    knownHosts: deps.knownHosts ?? knownHostsIn([join(deps.env.home, '.ssh', 'known_hosts')]),
    log: () => undefined,
    ...deps,
  })
  opened.add(transport)
  return transport
}

export function closeTransports(): void {
  for (const transport of opened) transport.close()
  opened.clear()
}

export function untilState<K extends ConnectionState['kind']>(
  transport: Transport,
  kind: K,
  timeoutMs = 20_000,
): Promise<Extract<ConnectionState, { kind: K }>> {
  const isKind = (state: ConnectionState): state is Extract<ConnectionState, { kind: K }> =>
    state.kind === kind
  return new Promise((resolve, reject) => {
    if (isKind(transport.state)) return resolve(transport.state)
    const timer = setTimeout(
      () => reject(new Error(`still ${JSON.stringify(transport.state)}, not ${kind}`)),
      timeoutMs,
    )
    const off = transport.onState((state) => {
      if (!isKind(state)) return
      clearTimeout(timer)
      off()
      resolve(state)
    })
  })
}

/** The problem of a route that cannot be connected. */
export async function problemOf(
  route: Route,
  deps: Partial<ConnectDeps> & { env: Environment },
): Promise<Problem> {
  const transport = open(route, deps)
  const { problem } = await untilState(transport, 'lost', 40_000)
  return problem
}

export function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`problem: ${JSON.stringify(answer.problem)}`)
  return answer.value
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
