import type { UnsupportedOption } from '../route'
import type { Place } from './directive'
import type { HostOptions } from './evaluate'

/** Options that change how a connection is made or trusted. */
const named = new Map([
  ['proxycommand', 'ProxyCommand'],
  ['pkcs11provider', 'PKCS11Provider'],
  ['securitykeyprovider', 'SecurityKeyProvider'],
  ['knownhostscommand', 'KnownHostsCommand'],
  ['localcommand', 'LocalCommand'],
  ['remotecommand', 'RemoteCommand'],
  ['localforward', 'LocalForward'],
  ['remoteforward', 'RemoteForward'],
  ['dynamicforward', 'DynamicForward'],
  ['bindaddress', 'BindAddress'],
  ['bindinterface', 'BindInterface'],
  ['ciphers', 'Ciphers'],
  ['macs', 'MACs'],
  ['kexalgorithms', 'KexAlgorithms'],
  ['hostkeyalgorithms', 'HostKeyAlgorithms'],
  ['pubkeyacceptedalgorithms', 'PubkeyAcceptedAlgorithms'],
  ['pubkeyacceptedkeytypes', 'PubkeyAcceptedKeyTypes'],
])

/** Switches that are told of only when they are on. */
const switches = new Map([
  ['gssapiauthentication', 'GSSAPIAuthentication'],
  ['hostbasedauthentication', 'HostbasedAuthentication'],
  ['canonicalizehostname', 'CanonicalizeHostname'],
  ['verifyhostkeydns', 'VerifyHostKeyDNS'],
  ['forwardagent', 'ForwardAgent'],
  ['forwardx11', 'ForwardX11'],
  ['tunnel', 'Tunnel'],
])

const methodsOf = new Map([
  ['gssapiauthentication', ['gssapi-with-mic', 'gssapi-keyex']],
  ['hostbasedauthentication', ['hostbased']],
])

const nowhere: Place = { file: '', line: 0, owner: 'user' }

export function unsupportedOptions(options: HostOptions): readonly UnsupportedOption[] {
  const found: UnsupportedOption[] = []
  const add = (
    option: string,
    place: Place = nowhere,
    methods: readonly string[] = [],
    kind: UnsupportedOption['kind'] = 'unsupported',
  ) => {
    const when = methods.length > 0 && place.owner === 'system' ? 'silent' : 'told'
    found.push({ option, file: place.file, line: place.line, when, methods, kind })
  }
  for (const [key, values] of options.single) {
    const text = values.join(' ')
    const place = options.places.get(key)
    const name = named.get(key)
    if (name !== undefined && text.toLowerCase() !== 'none') add(`${name} ${text}`, place)
    const toggle = switches.get(key)
    if (toggle !== undefined && !/^(no|false)$/i.test(text))
      add(`${toggle} ${text}`, place, methodsOf.get(key))
    if (key === 'stricthostkeychecking' && /^(no|off|false)$/i.test(text)) {
      add(`StrictHostKeyChecking ${text}`, place, [], 'strict-off')
    }
    if (key === 'preferredauthentications') {
      const others = text.split(',').filter((one) => /^(gssapi|hostbased)/.test(one))
      if (others.length > 0) add(`PreferredAuthentications ${others.join(',')}`, place, others)
    }
  }
  for (const [file, place] of options.certificateFiles) add(`CertificateFile ${file}`, place)
  for (const [command, place] of options.execs) add(`Match exec ${command}`, place)
  return found
}
