import type { HostsAccessDocument } from '../../../lens/hosts-access'
import type { Match } from './match'
import { both, matchClient, matchDaemon, matchList } from './match'
import { outcomeOf } from './options'
import type { Need, Request } from './request'

/** The line that decides. */
export type Place = {
  readonly file: 'allow' | 'deny'
  /** In `document.nodes`. */
  readonly at: number
  /** Of the file, from 1: where the node begins. */
  readonly line: number
}

export type Decision =
  /** by null: nothing fits. */
  | { readonly kind: 'granted'; readonly by: Place | null }
  | {
      readonly kind: 'refused'
      readonly by: Place
      /** unread: the library stops at this line of hosts.deny, and refuses to be safe. */
      readonly because: 'rule' | 'option' | 'badOption' | 'unread'
    }
  /** A program answers in the daemon's place (hosts_options(5), twist). */
  | { readonly kind: 'delegated'; readonly by: Place }
  /** The first line that may fit, and what it asks for. */
  | { readonly kind: 'unjudged'; readonly by: Place; readonly needs: readonly Need[] }

/**
 * What libwrap says to a request (hosts_access.c, hosts_access): the first rule of hosts.allow that fits grants, else the
 * first of hosts.deny refuses, unless its options say otherwise; else it is granted. A file that is not there is an empty
 * one.
 */
export function decide(allow: HostsAccessDocument, deny: HostsAccessDocument, request: Request): Decision {
  return (
    decisionOf('allow', allow, request) ?? decisionOf('deny', deny, request) ?? { kind: 'granted', by: null }
  )
}

function decisionOf(file: Place['file'], { nodes }: HostsAccessDocument, request: Request): Decision | null {
  let line = 1
  for (const [at, node] of nodes.entries()) {
    const by: Place = { file, at, line }
    line += node.lines.length
    switch (node.kind) {
      case 'blank':
      case 'comment':
      case 'malformed':
        break
      case 'unread':
        // Of hosts.allow only a match counts, of hosts.deny all but "no match".
        return file === 'allow' ? null : { kind: 'refused', by, because: 'unread' }
      case 'rule': {
        const match: Match = both(
          matchList(node.daemons, (item) => matchDaemon(item, request)),
          () => matchList(node.clients, (item) => matchClient(item, request)),
        )
        if (match === false) break
        if (match !== true) return { kind: 'unjudged', by, needs: match.needs }
        const outcome = outcomeOf(node.options)
        switch (outcome.kind) {
          case 'none':
            return file === 'allow' ? { kind: 'granted', by } : { kind: 'refused', by, because: 'rule' }
          case 'allow':
            return { kind: 'granted', by }
          case 'deny':
            return { kind: 'refused', by, because: 'option' }
          case 'bad':
            return { kind: 'refused', by, because: 'badOption' }
          case 'twist':
            return { kind: 'delegated', by }
          case 'unjudged':
            return { kind: 'unjudged', by, needs: outcome.needs }
        }
      }
    }
  }
  return null
}
