import type { XinetdService } from '../../xinetd/resolve'
import { intOf } from '../../xinetd/values'
import { argument, literal, word } from './quote'
import { hasFlag, valueOf, valuesOf } from './unit'

/** Lines of [Service]; systemd.service(5), systemd.exec(5). */
export function serviceLines(service: XinetdService): readonly string[] {
  const user = valueOf(service, 'user')
  const group = valueOf(service, 'group')
  const nice = intOf(valueOf(service, 'nice') ?? '')
  const umask = valueOf(service, 'umask')
  const passed = valuesOf(service, 'passenv')
  return [
    `ExecStart=${commandOf(service)}`,
    // xinetd gives a program the socket as all three (child.c, exec_server).
    'StandardInput=socket',
    'StandardOutput=socket',
    'StandardError=socket',
    ...(user === null ? [] : [`User=${literal(user)}`]),
    ...(group === null ? [] : [`Group=${literal(group)}`]),
    ...(nice === null ? [] : [`Nice=${Math.max(-20, Math.min(19, nice))}`]),
    ...(umask === null ? [] : [`UMask=${Number.parseInt(umask, 8).toString(8).padStart(4, '0')}`]),
    ...valuesOf(service, 'env').map((variable) => `Environment=${word(variable)}`),
    ...(passed.length === 0 ? [] : [`PassEnvironment=${passed.map(word).join(' ')}`]),
    ...limitLines(service),
    // A client that goes away ends a program that writes, as it does below xinetd.
    'IgnoreSIGPIPE=no',
    // What a program leaves running when it ends is let be.
    'KillMode=process',
  ]
}

/** `-`: how a program ends is nobody's concern, as with xinetd. `@`: its name follows its path. */
function commandOf(service: XinetdService): string {
  const server = valueOf(service, 'server') ?? ''
  const args = valuesOf(service, 'server_args')
  const name = server.slice(server.lastIndexOf('/') + 1)
  const argv = hasFlag(service, 'NAMEINARGS') ? args : [name, ...args]
  return [word(`-@${server}`), ...argv.map(argument)].join(' ')
}

const LIMITS: readonly (readonly [attribute: string, directive: string])[] = [
  ['rlimit_as', 'LimitAS'],
  ['rlimit_cpu', 'LimitCPU'],
  ['rlimit_data', 'LimitDATA'],
  ['rlimit_files', 'LimitNOFILE'],
  ['rlimit_rss', 'LimitRSS'],
  ['rlimit_stack', 'LimitSTACK'],
]

function limitLines(service: XinetdService): readonly string[] {
  return LIMITS.flatMap(([attribute, directive]) => {
    const value = valueOf(service, attribute)
    return value === null ? [] : [`${directive}=${limitOf(value)}`]
  })
}

/** parsers.c, get_limit: k and m are 1024 and its square. */
function limitOf(value: string): string {
  if (value.toUpperCase() === 'UNLIMITED') return 'infinity'
  const [, digits = '0', unit = ''] = /^\+?(\d+)([kKmM]?)/.exec(value) ?? []
  const factor = unit === '' ? 1n : unit.toLowerCase() === 'k' ? 1024n : 1024n * 1024n
  return String(BigInt(digits) * factor)
}
