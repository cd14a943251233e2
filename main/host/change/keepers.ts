import { decode } from '../../../shared/codec'
import type { Keepers } from '../../../shared/model/change'
import type { ChangeHost } from '../../capability/capability'
import type { Section } from '../script'
import type { SectionAnswer } from '../script-answer'

/** What can keep a taking back alive on the host: three words, none of which needs root. */
const keepersSection: Section = {
  name: 'keepers',
  seconds: 5,
  body: `wm_piece systemd
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then echo yes; fi
if command -v loginctl >/dev/null; then
  wm_piece kills; loginctl show-session -p KillUserProcesses
  wm_piece lingers; loginctl show-user -p Linger -- "$(id -un)"
fi
true`,
}

/** A host whose first reading brings back what keepers it has, so that a plan costs no script more. */
export function learningKeepers(host: ChangeHost): {
  readonly host: ChangeHost
  readonly learned: () => Keepers | null
} {
  let keepers: Keepers | null = null
  let asked = false
  return {
    learned: () => keepers,
    host: {
      id: host.id,
      name: host.name,
      async run(job) {
        if (asked) return host.run(job)
        asked = true
        const ran = await host.run({ ...job, sections: [...job.sections, keepersSection] })
        if (!ran.ok) {
          asked = false
          return ran
        }
        const { answer, asRoot } = ran.value
        keepers = keepersIn(answer.sections.at(-1))
        return { ok: true, value: { asRoot, answer: { ...answer, sections: answer.sections.slice(0, -1) } } }
      },
    },
  }
}

/** Asks nothing else. Null: the host did not answer. */
export async function keepersOf(host: ChangeHost): Promise<Keepers | null> {
  const ran = await host.run({ sections: [keepersSection], need: 'none' })
  return ran.ok ? keepersIn(ran.value.answer.sections[0]) : null
}

function keepersIn(answer: SectionAnswer | undefined): Keepers | null {
  if (answer?.kind !== 'done') return null
  const said = (name: string): string =>
    decode(answer.pieces.find((piece) => piece.name === name)?.bytes ?? new Uint8Array()).trim()
  return {
    systemd: said('systemd') === 'yes',
    killsUserProcesses: said('kills') === 'KillUserProcesses=yes',
    lingers: said('lingers') === 'Linger=yes',
  }
}
