import { describe, expect, it } from 'vitest'
import { ok } from '../../shared/contract'
import { PageParts } from './page-parts'

describe('PageParts', () => {
  it('closes what a page that went had open, as often as it had opened it', () => {
    const parts = new PageParts()
    const balancer = { host: 'h1', part: 'balancer' }
    const facts = { host: 'h1', part: 'facts' }
    parts.called('part.open', balancer)
    parts.called('part.open', balancer)
    parts.called('part.open', facts)
    parts.called('part.close', facts)
    parts.called('part.close', facts)
    parts.called('part.refresh', facts)
    parts.called('app.info', {})
    const closed: unknown[] = []
    const call = (method: string, params: unknown) => {
      closed.push([method, params])
      return Promise.resolve(ok(null))
    }
    parts.closeAll(call)
    expect(closed).toEqual([
      ['part.close', balancer],
      ['part.close', balancer],
    ])
    parts.closeAll(call)
    expect(closed).toHaveLength(2)
  })
})
