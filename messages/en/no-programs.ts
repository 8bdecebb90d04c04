import type { programs as all } from './programs'

/** What a browser has of the sentences of programs. */
export const programs = {} as typeof all
