import './style.css'
import ui from '@nuxt/ui/vue-plugin'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { startEvents } from './api/client'
import { i18n } from './i18n'
import App from './shell/App.vue'

// zod compiles validators by evaluating code, which the content security policy forbids. Set where zod looks, and not
// by it: it is loaded later.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })

startEvents()
createApp(App).use(createPinia()).use(i18n).use(ui).mount('#app')
