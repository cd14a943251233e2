import { assertNever } from '../../assert-never'
import { inetd } from '../../lens/inetd'
import type { Phrase } from '../change'
import type { EntryRef, PortName, ServiceRef, SuperserverIntent } from './intent'

/** What a change is called, by its text key. */
export function titleOf(intent: SuperserverIntent): Phrase {
  switch (intent.kind) {
    case 'editService':
      return { key: 'xinetd.change.edit', params: { service: intent.service.id } }
    case 'editDefaults':
      return { key: 'xinetd.change.editDefaults', params: { path: intent.defaults.path } }
    case 'enableServices':
      return { key: 'xinetd.change.enable', params: named(intent) }
    case 'disableServices':
      return { key: 'xinetd.change.disable', params: named(intent) }
    case 'createService':
      return { key: 'xinetd.change.create', params: { service: intent.name, path: intent.path } }
    case 'deleteService':
      return {
        key: 'xinetd.change.delete',
        params: { service: intent.service.id, path: intent.service.path },
      }
    case 'moveService':
      return { key: 'xinetd.change.move', params: { service: intent.service.id, path: intent.path } }
    case 'copyService':
      return { key: 'xinetd.change.copy', params: { service: intent.service.id, name: intent.name } }
    case 'renameService':
      return { key: 'xinetd.change.rename', params: { service: intent.service.id, name: intent.name } }
    case 'control':
      return { key: `superserver.change.${intent.action}`, params: { name: intent.daemon } }
    case 'install':
      return { key: 'superserver.change.install', params: {} }
    case 'boot':
      return {
        key: intent.on ? 'superserver.change.atBoot' : 'superserver.change.notAtBoot',
        params: { name: intent.daemon },
      }
    case 'addPortName':
      return { key: 'names.change.add', params: describe(intent.entry) }
    case 'changePortName':
      return { key: 'names.change.edit', params: { line: intent.name.text.trim() } }
    case 'removePortName':
      return { key: 'names.change.remove', params: { line: intent.name.text.trim() } }
    case 'editWrappers':
      return { key: 'wrappers.change.edit', params: {} }
    case 'fixLineEnds':
      return { key: 'xinetd.change.fixLineEnds', params: { path: intent.path } }
    case 'editText':
      return { key: 'xinetd.change.editText', params: { path: intent.path } }
    case 'editEntry':
      return { key: 'inetd.change.edit', params: { service: nameOf(intent.entry) } }
    case 'addEntry':
      return { key: 'inetd.change.add', params: { service: intent.words[0] ?? '', path: intent.path } }
    case 'convertEntries':
      return {
        key: 'inetd.change.convert',
        params: { services: intent.entries.map(nameOf).join(', '), count: intent.entries.length },
      }
    case 'convertServices':
      return { key: 'systemd.change.convert', params: named({ services: intent.services, entries: [] }) }
    case 'watchRedirect':
      return { key: 'failover.change.on', params: { service: intent.service.id } }
    case 'unwatchRedirect':
      return { key: 'failover.change.off', params: { service: intent.service.id } }
    case 'removeEntry':
      return {
        key: 'inetd.change.remove',
        params: { service: nameOf(intent.entry), path: intent.entry.path },
      }
    default:
      return assertNever(intent)
  }
}

function describe({ name, port, protocol }: PortName): Phrase['params'] {
  return { name, port: `${port}/${protocol}` }
}

function named({ services, entries }: Bulk): Phrase['params'] {
  const names = [...services.map(({ id }) => id), ...entries.map(nameOf)]
  return { services: names.join(', '), count: names.length }
}

function nameOf({ text }: EntryRef): string {
  const [line] = inetd.parse(text).lines
  return line !== undefined && 'fields' in line ? (line.fields[0]?.text ?? '') : ''
}

type Bulk = { readonly services: readonly ServiceRef[]; readonly entries: readonly EntryRef[] }
