/** A link as the user has to see it before it is opened. */
export interface LinkReview {
  /** As the browser will get it: host in ASCII, everything escaped. */
  readonly url: string
  readonly host: string
  readonly warnings: readonly LinkWarning[]
}

export type LinkWarning =
  /** The text on the screen names another place than the link. */
  | 'textDiffers'
  /** The host's name has characters beyond ASCII, which can look like others. */
  | 'foreignLetters'
  /** `https://bank.example@other.example/` goes to the second. */
  | 'userInfo'
  | 'notEncrypted'

const maxChars = 2048

/**
 * Looks at a link that a host printed. Null: not one to be opened. Only http and https are ever opened: any other
 * scheme would start a program of the user's computer on the host's word.
 *
 * @param text what stands on the screen, for a hyperlink of OSC 8; else null
 */
export function reviewLink(uri: string, text: string | null): LinkReview | null {
  if (uri.length > maxChars) return null
  let url: URL
  try {
    url = new URL(uri)
  } catch {
    return null // what is no URL cannot be opened
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.href.length > maxChars) return null
  const warnings: LinkWarning[] = []
  if (text !== null && namesAnotherPlace(text.trim(), url)) warnings.push('textDiffers')
  if (url.hostname.split('.').some((label) => label.startsWith('xn--'))) warnings.push('foreignLetters')
  if (url.username !== '' || url.password !== '') warnings.push('userInfo')
  if (url.protocol === 'http:') warnings.push('notEncrypted')
  return { url: url.href, host: url.host, warnings }
}

/** Only a text that itself looks like an address can name another place. */
function namesAnotherPlace(text: string, url: URL): boolean {
  const match = /^(?:https?:\/\/)?(?<host>[^\s/:@]+\.[^\s/:@]{2,})(?:[/:].*)?$/i.exec(text)
  const host = match?.groups?.['host']
  return host !== undefined && host.toLowerCase() !== url.hostname
}
