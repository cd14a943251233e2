import type { HostOptions } from './evaluate'

/** Options that change how a connection is made or trusted, and that this client does not follow. */
const unsupported = new Map([
  ['proxycommand', 'ProxyCommand'],
  ['pkcs11provider', 'PKCS11Provider'],
  ['securitykeyprovider', 'SecurityKeyProvider'],
  ['knownhostscommand', 'KnownHostsCommand'],
  ['userknownhostsfile', 'UserKnownHostsFile'],
  ['globalknownhostsfile', 'GlobalKnownHostsFile'],
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

/** As they would be written, so that the user finds them in the file. */
export function unsupportedOptions(options: HostOptions): readonly string[] {
  const found: string[] = []
  for (const [key, values] of options.single) {
    const text = values.join(' ')
    const name = unsupported.get(key)
    if (name !== undefined && text.toLowerCase() !== 'none') found.push(`${name} ${text}`)
    const name2 = switches.get(key)
    if (name2 !== undefined && text.toLowerCase() !== 'no') found.push(`${name2} ${text}`)
    if (key === 'stricthostkeychecking' && /^(no|off|accept-new)$/i.test(text)) {
      found.push(`StrictHostKeyChecking ${text}`)
    }
    if (key === 'preferredauthentications') {
      const others = text.split(',').filter((one) => /^(gssapi|hostbased)/.test(one))
      if (others.length > 0) found.push(`PreferredAuthentications ${others.join(',')}`)
    }
  }
  for (const file of options.certificateFiles) found.push(`CertificateFile ${file}`)
  for (const command of options.execs) found.push(`Match exec ${command}`)
  return found
}
