import { practice } from '../lab/practice/practice'
import { test } from './fixture'
import { flood, judge, removeFlood } from './terminal-flood'

test.afterEach(() => removeFlood(practice().host('harbor')))

test('a flood of 20 MB in one tab leaves the other quick, stops at Ctrl+C and loses nothing', async ({
  launch,
}) => {
  judge(await flood(launch, 20, 3))
})
