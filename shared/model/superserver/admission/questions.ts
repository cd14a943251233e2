import { assertNever } from '../../../assert-never'
import type { Decision } from '../wrappers'
import { decide } from '../wrappers'
import { has } from '../xinetd/family'
import type { XinetdService } from '../xinetd/resolve'
import type { Outcome, Rule } from './check'
import { ineffective, passed, passedIf, refused, unknown } from './check'
import type { ServiceKind } from './kind'
import { hasNoAddress, libwrapName, limitOf, skipsLibwrap, wordOf } from './kind'
import { matchWords } from './match-words'
import type { Listening, Peer } from './peer'
import { addressForLibwrap, listeningOf, peerOf } from './peer'
import type { AdmissionContext, AdmissionRequest } from './request'
import { isOpenAt } from './times'

export type Case = {
  readonly service: XinetdService
  readonly kind: ServiceKind
  readonly request: AdmissionRequest
  readonly context: AdmissionContext
}

export type Question = {
  readonly rule: Rule
  readonly attribute: string | null
  readonly judge: () => Outcome
}

/** What the daemon asks of a connection to the service, in its order. */
export function questionsOf(one: Case): readonly Question[] {
  const running = question('running', null, () => passedIf(one.service.state === 'enabled'))
  // The tcpmux service has the connection, and asks what a child asks, no more (builtins.c, tcpmux_handler).
  if (one.kind.mux !== null) return [running, ...questionsOfChild(one)]
  return [running, ...questionsOfSocket(one), ...questionsOfParent(one), ...questionsOfChild(one)]
}

function question(rule: Rule, attribute: string | null, judge: () => Outcome): Question {
  return { rule, attribute, judge }
}

function questionsOfSocket(one: Case): readonly Question[] {
  const { kind, context } = one
  const questions = [question('socket', null, () => passedIf(peerIn(one) !== null))]
  if (context.pause !== null) questions.unshift(question('pause', 'cps', () => refused()))
  const isAlone = (): Outcome => (context.running.service === 0 ? passed() : unknown(['runningServer']))
  if (kind.waits) questions.push(question('wait', 'wait', isAlone))
  return questions
}

/** access.c, parent_access_control. */
function questionsOfParent({ service, kind, request, context }: Case): readonly Question[] {
  const { settings } = service
  const { running, processes, load, build } = context
  const questions: Question[] = []

  // One connection alone is never too many.
  if (limitOf(settings['cps']) !== 0) questions.push(question('cps', 'cps', () => passed()))

  const mostLoad = wordOf(settings, 'max_load')
  if (mostLoad !== null && build?.options.includes('loadavg') !== false) {
    const isCalm = load !== null && load < Number.parseFloat(mostLoad)
    const judge = () => (load === null ? unknown(['load']) : isCalm ? passed() : refusedBy(build))
    questions.push(question('max_load', 'max_load', judge))
  }

  const times = settings['access_times']?.values
  if (times !== undefined)
    questions.push(question('access_times', 'access_times', () => passedIf(isOpenAt(times, request.minute))))

  const instances = limitOf(settings['instances'])
  if (instances !== null)
    questions.push(question('instances', 'instances', () => passedIf(running.service < instances)))

  const perSource = limitOf(settings['per_source'])
  if (perSource !== null) {
    // Without an address all are the same to it.
    const own = hasNoAddress(kind) ? running.service : running.address
    const judge = () => passedIf(own < perSource)
    questions.push(question('per_source', 'per_source', judge))
  }

  if (processes !== null) {
    // An intercepted service needs a second one, for the interceptor.
    const needed = kind.intercepted ? 2 : 1
    const judge = () => passedIf(processes.running + needed <= processes.limit)
    questions.push(question('processes', null, judge))
  }
  return questions
}

/** access.c, access_control and remote_address_check. */
function questionsOfChild(one: Case): readonly Question[] {
  const { service, kind, context } = one
  const { settings } = service
  const ofPeer = (judge: (peer: Peer) => Outcome) => (): Outcome => {
    const peer = peerIn(one)
    return peer === null ? refused() : judge(peer)
  }
  const ifKnown = (judge: () => Outcome) => (hasNoAddress(kind) ? () => ineffective : judge)
  const questions: Question[] = []

  // A sensor does not look into its own list.
  if (kind.sensor) questions.push(question('sensor', 'flags', () => refused()))
  else if (context.banned.length > 0) {
    const judge = (peer: Peer): Outcome => {
      const match = matchWords(context.banned, peer, 'unknown', context)
      return match.kind === 'match' ? refused(match.word) : passed()
    }
    questions.push(question('banned', null, ifKnown(ofPeer(judge))))
  }

  // Both lists are gone through before one counts, and no_access counts first.
  const { no_access: shut, only_from: open } = settings
  if (shut !== undefined) {
    const judge = ofPeer((peer) => listOutcome('no_access', shut.values, peer, one))
    questions.push(question('no_access', 'no_access', ifKnown(judge)))
  }
  if (open !== undefined) {
    const judge = ofPeer((peer) => listOutcome('only_from', open.values, peer, one))
    // The address that it does not have is in no list (measured on 2.3.15.3): nobody gets in.
    questions.push(question('only_from', 'only_from', hasNoAddress(kind) ? () => refused() : judge))
  }

  if (!skipsLibwrap(settings) && context.build?.options.includes('libwrap') !== false)
    questions.push(question('libwrap', null, () => libwrapOutcome(one)))

  // child.c, child_process: without USERID the daemon does not ask, and lets in.
  const asks = has(settings, 'flags', 'IDONLY') && has(settings, 'log_on_success', 'USERID')
  if (asks && kind.accepts && kind.forks)
    questions.push(question('identity', 'flags', () => unknown(['identity'])))
  if (kind.intercepted) questions.push(question('intercept', 'flags', () => refused()))
  return questions
}

function listOutcome(
  rule: 'no_access' | 'only_from',
  words: readonly string[],
  peer: Peer,
  { request, context }: Case,
): Outcome {
  const isMapped = peer.family === 6 && peer.ipv4 !== null
  const match = matchWords(words, peer, isMapped ? request.mappedName : request.name, context)
  switch (match.kind) {
    case 'match':
      return rule === 'no_access' ? refused(match.word) : passed(match.word)
    case 'none':
      return rule === 'no_access' ? passed() : refused()
    case 'unknown':
      return unknown(match.needs, match.words)
    default:
      return assertNever(match)
  }
}

function libwrapOutcome(one: Case): Outcome {
  const { service, kind, request, context } = one
  if (context.wrappers === null) return unknown(['wrapperFiles'])
  const { allow, deny } = context.wrappers
  const decision = decide(allow, deny, {
    daemon: libwrapName(service),
    client: hasNoAddress(kind)
      ? { address: 'unknown', name: 'unknown' }
      : { address: addressForLibwrap(request.address, service, kind, listeningIn(one)), name: request.name },
    ...(service.port === null ? {} : { port: service.port }),
  })
  return outcomeOf(decision, context.build)
}

function outcomeOf(decision: Decision, build: AdmissionContext['build']): Outcome {
  switch (decision.kind) {
    case 'granted':
      return passed(null, decision.by)
    case 'refused':
    // Another program answers: the service does not run.
    case 'delegated':
      return refusedBy(build, decision.by)
    case 'unjudged':
      return unknown(decision.needs, [], decision.by)
    default:
      return assertNever(decision)
  }
}

/** What only a daemon refuses that has it compiled in. */
function refusedBy(
  build: AdmissionContext['build'],
  place: Extract<Decision, { kind: 'refused' }>['by'] | null = null,
): Outcome {
  return build === null ? unknown(['build'], [], place) : refused(null, place)
}

/** Of a tcpmux service, whose socket the connection came to, it is taken that it listens for everyone. */
const EVERYONE: Listening = { family: 6, takes: { ipv4: true, ipv6: true } }

function listeningIn({ service, kind, context }: Case): Listening {
  return kind.mux === null ? listeningOf(service, context.ipv6) : EVERYONE
}

function peerIn(one: Case): Peer | null {
  return peerOf(one.request.address, listeningIn(one))
}
