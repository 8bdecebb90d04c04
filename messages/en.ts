import type { ErrorFacts } from '../lib/errors/error-facts'
import { chain } from './en/chain'
import { cli } from './en/cli'
import { contract } from './en/contract'
import { deploy } from './en/deploy'
import { fingerprint } from './en/fingerprint'
import { format } from './en/format'
import { inference } from './en/inference'
import { market } from './en/market'
import { merkle } from './en/merkle'
import { minting } from './en/minting'
import { openai } from './en/openai'
import { screens } from './en/screens'
import { start } from './en/start'
import { storage } from './en/storage'
import { weights } from './en/weights'
import type { Messages } from './messages'

/** English. */
export const en: Messages<ErrorFacts> = {
  ...chain,
  ...cli,
  ...contract,
  ...deploy,
  ...fingerprint,
  ...format,
  ...inference,
  ...market,
  ...merkle,
  ...minting,
  ...openai,
  ...screens,
  ...start,
  ...storage,
  ...weights,
  legacy: ({ message }) => message,
}
