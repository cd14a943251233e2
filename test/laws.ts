import { configureGlobal } from 'fast-check'

/*
 * What a daily run says is about the commit, and not about the dice: its laws meet the same cases each time. The full
 * tests throw anew; what they find becomes a test of its own.
 */
if (process.env['WHARFMASTER_FULL'] !== '1') configureGlobal({ seed: 20_261_123 })
