import { Pool } from 'pg'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { keyPayer } from '../lib/gateway/keys/payer'
import { keyTable } from '../lib/gateway/shared/key-table'
import { chainId, copyId, price, startTestGateway, testKey } from './gateway'

/**
 * One of several gateways that share books: `shared-gateway-process.ts DATABASE OPERATOR UPSTREAM RESERVED`, where the user has
 * reserved so many units of USDC. Prints its address.
 */
const [database, operator, upstream, reserved] = process.argv.slice(2)
const counter = new RateLimiterMemory({ points: 1, duration: 60 })
const keys = keyTable(new Pool({ connectionString: database, max: 2 }), { chainId, copyId })
const { url, chain, books } = await startTestGateway(upstream, {
  ...{ paid: true, shared: { database, operator: testKey(operator) } },
  payers: (books, own) => [own, keyPayer({ books, keys, counter, price, answerTokens: 100 })],
})
chain.reservation = { ...chain.reservation, amount: BigInt(reserved) }
setInterval(() => void books.turn().catch(() => undefined), 200)
process.stdout.write(`${url}\n`)
