import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import { digestOfText } from '../../../shared/model/change'
import { plan, resolve, type SuperserverState } from '../../../shared/model/superserver'
import { hostWith, xinetdState } from '../../../shared/model/superserver/fixtures.test-support'
import { serviceKind } from './service/block-kind'
import { useDraft } from './draft'

const lamp = (port: number) =>
  `service lamp\n{\n\ttype = UNLISTED\n\tsocket_type = stream\n\tprotocol = tcp\n\tport = ${port}\n\twait = no\n\tuser = nobody\n\tserver = /bin/cat\n}\n`
const stateWith = (text: string): SuperserverState =>
  hostWith(xinetdState('includedir /etc/xinetd.d\n', { lamp: text }, { daemon: null }))

function drafted() {
  const state = shallowRef(stateWith(lamp(9201)))
  const { xinetd } = state.value
  const [service] = xinetd === null ? [] : resolve(xinetd).services
  if (service === undefined) throw new Error('no service')
  return { state, draft: useDraft(state, shallowRef(service), serviceKind) }
}

describe('a draft', () => {
  it('typed as text overwrites nobody who writes the file meanwhile', () => {
    const { state, draft } = drafted()
    draft.type(lamp(9202))
    state.value = stateWith(`# theirs\n${lamp(9201)}`)
    draft.type(lamp(9203))
    expect(draft.intent.value).toMatchObject({
      kind: 'editText',
      digest: digestOfText(lamp(9201)),
      text: lamp(9203),
    })
    expect(draft.text.value, 'what was typed is still seen').toBe(lamp(9203))
    expect(plan(state.value, draft.intent.value)).toMatchObject({
      ok: false,
      problem: { code: 'change.conflict' },
    })
  })

  it('of the form alone goes with what stands there now', () => {
    const { state, draft } = drafted()
    draft.set('port', ['9202'])
    state.value = stateWith(`# theirs\n${lamp(9201)}`)
    expect(draft.text.value).toBe(`# theirs\n${lamp(9202)}`)
  })
})
