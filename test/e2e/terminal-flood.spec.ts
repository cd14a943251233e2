import { practice } from '../lab/practice/practice'
import { test } from './fixture'
import { flood, judgeMemory, removeFlood } from './terminal-flood'

test.afterEach(() => removeFlood(practice().host('harbor')))

test('a flood of 20 MB in one tab stops at Ctrl+C, loses nothing and keeps no memory', async ({ launch }) => {
  judgeMemory(await flood(launch, 20, 3))
})
