import { programs } from '#messages/programs'
import type { ErrorFacts } from '../lib/errors/error-facts'
import { browser } from './en/browser'
import { chain } from './en/chain'
import { contract } from './en/contract'
import { download } from './en/download'
import { fingerprint } from './en/fingerprint'
import { form } from './en/form'
import { gateway } from './en/gateway'
import { inference } from './en/inference'
import { market } from './en/market'
import { merkle } from './en/merkle'
import { minting } from './en/minting'
import { openai } from './en/openai'
import { outbound } from './en/outbound'
import { payer } from './en/payer'
import { playground } from './en/playground'
import { publish } from './en/publish'
import { storage } from './en/storage'
import { verify } from './en/verify'
import { wallet } from './en/wallet'
import { weights } from './en/weights'
import type { Messages } from './messages'

/** English. */
export const en: Messages<ErrorFacts> = {
  ...browser,
  ...chain,
  ...contract,
  ...download,
  ...fingerprint,
  ...form,
  ...gateway,
  ...inference,
  ...market,
  ...merkle,
  ...minting,
  ...openai,
  ...outbound,
  ...payer,
  ...playground,
  ...programs,
  ...publish,
  ...storage,
  ...verify,
  ...wallet,
  ...weights,
}
