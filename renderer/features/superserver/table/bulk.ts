import type { Intent } from '../../../../shared/model/intent'
import type { ServiceRef, XinetdService } from '../../../../shared/model/superserver'
import type { Row } from './rows'

/** One change for all of them, whoever holds them. */
export function bulkOf(kind: 'enableServices' | 'disableServices', rows: readonly Row[]): Intent {
  return {
    capability: 'superserver',
    reason: '',
    kind,
    services: [...refsOf(rows)],
    entries: rows.flatMap((row) => {
      if (row.source !== 'inetd') return []
      const { path, line, text } = row.service
      return [{ path, line, text }]
    }),
  }
}

/** The services of xinetd among them. */
export function refsOf(rows: readonly Row[]): readonly ServiceRef[] {
  return rows.flatMap((row) => (row.source === 'xinetd' ? [refOf(row.service)] : []))
}

export const refOf = ({ path, id, occurrence }: XinetdService): ServiceRef => ({ path, id, occurrence })
