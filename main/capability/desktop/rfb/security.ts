/** Security types of RFB, as IANA and the community wiki number them. */
const names: Readonly<Record<number, string>> = {
  1: 'None',
  2: 'VncAuth',
  5: 'RA2',
  6: 'RA2ne',
  13: 'RA2_256',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'SASL',
  22: 'XVP',
  30: 'ARD',
  129: 'UnixLogon',
  133: 'RA2ne_256',
  // subtypes of VeNCrypt
  256: 'Plain',
  257: 'TLSNone',
  258: 'TLSVnc',
  259: 'TLSPlain',
  260: 'X509None',
  261: 'X509Vnc',
  262: 'X509Plain',
}

export const securityName = (type: number): string => names[type] ?? `type ${type}`

/** What is asked of the user once the type is chosen. */
export type InnerSecurity = 'none' | 'vnc' | 'plain'

export type VencryptSubtype = { readonly type: number; readonly tls: boolean; readonly inner: InnerSecurity }

/**
 * The subtypes of VeNCrypt that can be spoken, the one liked best first: the connection is inside SSH already, so
 * TLS only adds work. TLSNone, TLSVnc and TLSPlain have no certificate (anonymous Diffie-Hellman), which the TLS of
 * Electron has not.
 */
export const vencryptSubtypes: readonly VencryptSubtype[] = [
  { type: 260, tls: true, inner: 'none' },
  { type: 261, tls: true, inner: 'vnc' },
  { type: 256, tls: false, inner: 'plain' },
  { type: 262, tls: true, inner: 'plain' },
]
