import { cli } from './cli'
import { deploy } from './deploy'
import { serve } from './serve'
import { start } from './start'

/** Sentences that only programs say. Browsers load `no-programs.ts` instead: see “imports” in package.json. */
export const programs = { ...cli, ...deploy, ...serve, ...start }
