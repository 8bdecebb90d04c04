import type { Address } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { Books } from '../books'
import type { HostChain } from '../chain'
import type { VoucherChecks } from '../vouchers'
import { exactScheme } from './exact'
import { x402Payer } from './payer'
import { openSettler } from './settler'
import { tokenDomain } from './token-domain'
import { voucherScheme } from './voucher'

type OpenOptions = {
  books: Books
  chain: HostChain
  account: PrivateKeyAccount
  checks: VoucherChecks
  /** The copy’s owner. */
  host: Address
  /** USDC of 6 decimals for a million units. */
  price: bigint
  /** The least payment that is settled, in USDC of 6 decimals. */
  least: bigint
  /** The public address, without a path. */
  origin: string
}

const answerTokens = 4096
const waitMs = 60_000

/** Takes payments by x402 to this account, and goes on with those whose outcome was not known when the last process ended. */
export async function openX402({ books, chain, account, checks, host, price, least, origin }: OpenOptions) {
  const { client, copyId, deployment } = chain
  const { chainId, contracts } = deployment
  const { usd } = contracts
  const domain = await tokenDomain(client, usd)
  const settler = openSettler({
    ...{ client, chainId, usd, account },
    onOutcome: (payment, outcome) => books.storePayment({ ...payment, transaction: null, ...outcome }),
  })
  for (const payment of await books.pendingPayments()) void settler.settle(payment, 0)
  const network = `eip155:${chainId}`
  const vouchers = await voucherScheme({
    ...{ books, checks, usd, payTo: host, operator: account.address, price, answerTokens },
  })
  const exact = exactScheme({
    ...{ books, settler, account, chainId, usd, domain, price, least, answerTokens, origin, waitMs },
  })
  return {
    // who can pay by voucher should: it costs no gas
    payer: x402Payer({ schemes: [vouchers, exact], account, copyId, origin }),
    about: {
      ...{ network, asset: usd, payTo: account.address, least: `${least}` },
      schemes: [vouchers.name, exact.name],
    },
    close: () => settler.close(),
  }
}
