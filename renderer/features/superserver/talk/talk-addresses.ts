import { ref, watch, type Ref } from 'vue'
import type { HostFacts } from '../../../../shared/model/facts'
import type { PartValues } from '../../../../shared/model/parts'
import { call } from '../../../api/client'

type Addresses = HostFacts['addresses']

/** The addresses that a connected host has, read when it is asked for and not again; empty: none were told. */
export function useAddresses(host: () => string): Readonly<Ref<Addresses>> {
  const addresses = ref<Addresses>([])
  watch(
    host,
    async (id) => {
      addresses.value = []
      const read = await call('part.open', { host: id, part: 'facts' })
      if (!read.ok) return
      void call('part.close', { host: id, part: 'facts' })
      // The host process made the value by this part's own parser.
      const facts = read.value.value as PartValues['facts'] | null
      if (id === host()) addresses.value = facts?.addresses ?? []
    },
    { immediate: true },
  )
  return addresses
}
