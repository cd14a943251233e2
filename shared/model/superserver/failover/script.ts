import round from './round.sh?raw'
import { nameFor, type FailoverSettings } from './settings'

/** The whole script: what it was told, and one round. */
export function scriptOf(settings: FailoverSettings): string {
  const { id, path, pidfile, everySeconds, fall, rise } = settings
  return `#!/bin/sh
# Leads the redirection of one service of xinetd to another of its candidates when the active one does not answer.
# Written by Wharfmaster, and removed by it. Candidates stand above the service in its file, the one that is wanted most
# first:  # candidates: HOST PORT, HOST PORT
name=${quoted(nameFor(id))}
service=${quoted(id)}
file=${quoted(path)}
pidfile=${quoted(pidfile)}
# Seconds from round to round; rounds without an answer before it is left; rounds with an answer before an earlier
# candidate is taken again, 0 for never.
every=${everySeconds}
fall=${fall}
rise=${rise === 'stay' ? 0 : rise}

${round}`
}

/** What a script was told; null: it is not one of ours, or not as we write it. */
export function settingsIn(text: string): FailoverSettings | null {
  const word = (name: string): string | null => {
    const [, found] = new RegExp(`^${name}='((?:[^'\\n]|'\\\\'')*)'$`, 'm').exec(text) ?? []
    return found === undefined ? null : found.replaceAll("'\\''", "'")
  }
  const count = (name: string): number | null => {
    const [, found] = new RegExp(`^${name}=(\\d{1,4})$`, 'm').exec(text) ?? []
    return found === undefined ? null : Number(found)
  }
  const [id, path, pidfile] = [word('service'), word('file'), word('pidfile')]
  const [everySeconds, fall, rise] = [count('every'), count('fall'), count('rise')]
  if (id === null || path === null || pidfile === null) return null
  if (everySeconds === null || fall === null || rise === null) return null
  return { id, path, pidfile, everySeconds, fall, rise: rise === 0 ? 'stay' : rise }
}

/** In single quotes nothing but the quote itself means anything to a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
