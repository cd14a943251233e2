import { later } from '../../ui/later'

/** What the shell's window shows of the list of hosts: forms and dialogs, which belong to no one section. */
export { default as FirstRun } from './FirstRun.vue'
export { default as StoreProblem } from './StoreProblem.vue'
export const HostForm = later(() => import('./HostForm.vue'))
export const ImportDialog = later(() => import('./ImportDialog.vue'))
export const RemoveHostDialog = later(() => import('./RemoveHostDialog.vue'))
