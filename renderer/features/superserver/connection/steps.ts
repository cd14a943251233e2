import type { ConnectionStep } from '../../../../shared/model/superserver'

/** A step in the words of the i18n: `admission.step.KEY`, with its values. */
export interface StepText {
  readonly key: string
  readonly params: Readonly<Record<string, string | number>>
}

const text = (key: string, params: StepText['params'] = {}): StepText => ({ key, params })
const yes = (holds: boolean, word: string): readonly string[] => (holds ? [word] : [])
const listed = (words: readonly string[]): string => (words.length === 0 ? '—' : words.join(' '))

/** What is said of each step. */
export function stepText(step: ConnectionStep): StepText {
  switch (step.kind) {
    case 'socket': {
      const options = [
        ...yes(step.reuseAddress, 'SO_REUSEADDR'),
        ...yes(step.v6only === true, 'IPV6_V6ONLY'),
        ...yes(step.noDelay, 'TCP_NODELAY'),
        ...yes(step.keepAlive, 'SO_KEEPALIVE'),
      ]
      const { family, type, protocol } = step
      return text('socket', { family: `IPv${family}`, type, protocol, options: listed(options) })
    }
    case 'bind':
      return step.address === null
        ? text('bindAny', { port: step.port ?? '?' })
        : text('bind', { address: step.address, port: step.port ?? '?' })
    case 'register':
      return text('register', { program: step.program, versions: step.versions })
    case 'listen':
      return text('listen', { backlog: step.backlog })
    case 'tcpmux':
      return text('tcpmux', { name: step.name })
    case 'banner':
      return text(step.when === 'always' ? 'banner' : 'bannerSuccess', { path: step.path })
    case 'cps':
      return text('cps', { rate: step.rate, pause: step.pause })
    case 'max_load':
      return text('max_load', { load: step.load })
    case 'access_times':
      return text('access_times', { intervals: step.intervals.join(' ') })
    case 'instances':
    case 'per_source':
    case 'processes':
      return text(step.kind, { limit: step.limit })
    case 'log':
      return text('log', { what: listed(step.what) })
    case 'setgid':
      return step.group === null ? text('setgidOfUser') : text('setgid', { group: step.group })
    case 'groups':
      return text(step.initgroups ? 'initgroups' : 'noGroups')
    case 'setuid':
      return text('setuid', { user: step.user })
    case 'umask':
      return text('umask', { mask: step.mask })
    case 'nice':
      return text(step.works ? 'nice' : 'niceInVain', { value: step.value })
    case 'sensor':
      return text(step.minutes === null ? 'sensorForever' : 'sensor', { minutes: step.minutes ?? 0 })
    case 'no_access':
    case 'only_from':
      return text(step.hasAddress ? step.kind : `${step.kind}Blind`, { words: listed(step.words) })
    case 'libwrap':
      return text('libwrap', { daemon: step.daemon })
    case 'identity':
      return text(step.required ? 'identityRequired' : 'identity')
    case 'redirect':
      return text('redirect', { host: step.host, port: step.port })
    case 'internal':
      return text('internal', { name: step.name })
    case 'environment': {
      const { base, added } = step
      const key =
        base === 'all' ? 'environmentWhole' : base.length === 0 ? 'environmentNone' : 'environmentOf'
      return text(added.length === 0 ? key : `${key}And`, {
        base: base === 'all' ? '' : base.join(' '),
        added: added.join(' '),
      })
    }
    case 'rlimits':
      return text('rlimits', {
        limits: step.limits.map(({ resource, value }) => `${resource} ${value ?? '∞'}`).join(', '),
      })
    case 'exec':
      return text('exec', { path: step.path, argv: step.argv.join(' ') })
    case 'refuse':
      return text(step.banner === null ? 'refuse' : 'refuseBanner', {
        log: listed(step.log),
        banner: step.banner ?? '',
      })
    case 'select':
    case 'accept':
    case 'wait':
    case 'fork':
    case 'banned':
    case 'intercept':
    case 'dup2':
    case 'context':
    case 'setsid':
      return text(step.kind)
  }
}
