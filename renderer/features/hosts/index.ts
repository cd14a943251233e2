/** What the shell's window shows of the list of hosts: forms and dialogs, which belong to no one section. */
export { default as FirstRun } from './FirstRun.vue'
export { default as HostForm } from './HostForm.vue'
export { default as ImportDialog } from './ImportDialog.vue'
export { default as RemoveHostDialog } from './RemoveHostDialog.vue'
export { default as StoreProblem } from './StoreProblem.vue'
