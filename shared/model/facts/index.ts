export * from './facts'
export { readFacts } from './read'
