/**
 * RFC 2544 gives 198.18.0.0/15 to tests: no machine on the internet has such an address. Each running lab has a slot,
 * and each slot two of its 512 networks of 256 addresses: `front`, where clients and directors are, and `back`, where
 * the real servers behind a NAT director are.
 */
export type NetworkName = 'front' | 'back'

export const slots = 256
export const prefixLength = 24
/** The machine itself, in both networks. */
export const machineNumber = 1
export const firstHostNumber = 10
export const lastHostNumber = 199

/** The host part of the lab's virtual address `index`, 1–50. */
export function virtualNumber(index: number): number {
  if (!Number.isInteger(index) || index < 1 || index > 50)
    throw new RangeError(`no virtual address ${String(index)}`)
  return lastHostNumber + index
}

/** @param slot 0–255; @param number 1–254 */
export function address(slot: number, network: NetworkName, number: number): string {
  const index = slot * 2 + (network === 'front' ? 0 : 1)
  return `198.${String(18 + (index >> 8))}.${String(index & 255)}.${String(number)}`
}

/** Fixed, or a neighbour keeps a stale ARP entry for half a minute after a reboot. Locally administered. */
export function macAddress(slot: number, network: NetworkName, number: number): string {
  const bytes = [0x52, 0x54, 0, slot, network === 'front' ? 0 : 1, number]
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
