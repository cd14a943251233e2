import { testFarAway } from './far-away'

// The distance at which the app must still be usable.
testFarAway({ roundTrip: 300, signIn: 30_000, exec: 5_000, overflow: 15_000 })
