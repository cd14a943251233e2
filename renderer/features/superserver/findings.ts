import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  diagnosticsIn,
  resolve,
  resolveInetd,
  type Diagnostic,
  type InetdService,
  type SuperserverState,
} from '../../../shared/model/superserver'

type Translate = ReturnType<typeof useI18n>['t']

/** A place in a file's text that wants a look. */
export interface Finding {
  /** From 1. */
  readonly line: number
  readonly isBad: boolean
  readonly text: string
}

function ofDiagnostic(t: Translate, one: Diagnostic): Finding {
  return {
    line: one.line,
    isBad: one.effect === 'serviceRefused' || one.effect === 'daemonExits',
    text: [
      t(`xinetd.diagnostic.${one.code}`, one.params),
      one.effect === 'none' ? '' : t(`xinetd.effect.${one.effect}`),
    ].join(' '),
  }
}

function ofEntry(t: Translate, { line, refusal, warnings, state }: InetdService): readonly Finding[] {
  const refused =
    refusal === null || state === 'disabled'
      ? []
      : [
          {
            line,
            isBad: true,
            text: `${t(`inetd.refusal.${refusal.reason}`, { value: refusal.value })} ${t(`inetd.effect.${refusal.effect}`)}`,
          },
        ]
  return [
    ...refused,
    ...warnings.map((warning) => ({
      line,
      isBad: false,
      text: t(`inetd.warning.${warning.code}`, { ...warning }),
    })),
  ]
}

/** What xinetd would make of the text otherwise than it is written, in words. */
export function useFindings(diagnostics: () => readonly Diagnostic[]): ComputedRef<readonly Finding[]> {
  const { t } = useI18n()
  return computed(() => diagnostics().map((one) => ofDiagnostic(t, one)))
}

/** The same of an entry of inetd.conf, by the host's own inetd. */
export function useEntryFindings(service: () => InetdService): ComputedRef<readonly Finding[]> {
  const { t } = useI18n()
  return computed(() => ofEntry(t, service()))
}

/** All that is to be said of a file. */
export function useFileFindings(
  state: () => SuperserverState,
  path: () => string,
): ComputedRef<readonly Finding[]> {
  const { t } = useI18n()
  return computed(() => {
    const { xinetd, inetd } = state()
    const ofXinetd = xinetd === null ? [] : diagnosticsIn(resolve(xinetd), path())
    const ofInetd =
      inetd === null ? [] : resolveInetd(inetd).services.filter((service) => service.path === path())
    const found = [
      ...ofXinetd.map((one) => ofDiagnostic(t, one)),
      ...ofInetd.flatMap((one) => ofEntry(t, one)),
    ]
    return found.sort((a, b) => a.line - b.line)
  })
}
