export * from './canonical'
export * from './change'
export { changeDigest } from './digest'
export * from './preview'
