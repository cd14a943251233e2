import { writeFile } from 'node:fs/promises'
import { fail, ok, problem, type Answer } from '../../shared/contract'

/** Into the file that the user named, for the user alone to read: it may say much of a host. */
export async function saveText(path: string, text: string): Promise<Answer<{ readonly path: string }>> {
  try {
    await writeFile(path, text, { mode: 0o600 })
    return ok({ path })
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return fail(problem('app.storeUnwritable', { file: path }, { detail }))
  }
}
