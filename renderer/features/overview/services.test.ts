import { describe, expect, it } from 'vitest'
import type { ToolFacts } from '../../../shared/model/facts'
import { servicesOf } from './services'

const nothing: ToolFacts = {
  superservers: [],
  balancer: { ipvsadm: false, keepalived: { installed: false, running: null }, kernel: false },
  vnc: [],
  shells: [],
  sudo: false,
  doas: false,
}
const states = (tools: Partial<ToolFacts>) => servicesOf({ ...nothing, ...tools }).map(({ state }) => state)

describe('servicesOf', () => {
  it('says what a bare host has not', () => {
    expect(states({})).toEqual(['absent', 'absent', 'absent'])
  })

  it('tells running from installed, and both from what cannot be told', () => {
    const daemon = (running: boolean | null) =>
      states({ superservers: [{ name: 'xinetd', installed: true, running }] })[0]
    expect(daemon(true)).toBe('running')
    expect(daemon(false)).toBe('installed')
    expect(daemon(null)).toBe('unknown')
  })

  it('holds that a kernel with a table balances, with or without tools', () => {
    const balancer = { ...nothing.balancer, ipvsadm: true }
    expect(states({ balancer })[1]).toBe('installed')
    expect(states({ balancer: { ...balancer, kernel: true } })[1]).toBe('running')
    expect(servicesOf({ ...nothing, balancer })[1]?.names).toEqual(['ipvsadm'])
  })
})
