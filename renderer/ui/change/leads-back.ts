import type { PartPreview } from '../../../shared/model/change'

/** Whether anything of it can be taken back: a step that goes one way alone leaves nothing to promise. */
export const leadsBack = ({ files, commands }: PartPreview): boolean =>
  files.length > 0 || commands.some(({ reversible }) => reversible)
