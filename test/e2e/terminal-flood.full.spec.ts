import { practice } from '../lab/practice/practice'
import { test } from './fixture'
import { flood, judgeMemory, judgeTimes, removeFlood } from './terminal-flood'

test.afterEach(() => removeFlood(practice().host('harbor')))

test('a flood of 200 MB in one tab leaves the other quick, stops at Ctrl+C and loses nothing', async ({
  launch,
}) => {
  test.setTimeout(400_000)
  const figures = await flood(launch, 200, 5)
  judgeMemory(figures)
  judgeTimes(figures)
})
