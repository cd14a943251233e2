import { testFarAway } from './far-away'

testFarAway({ roundTrip: 30, signIn: 10_000, exec: 2_000, overflow: 8_000 })
