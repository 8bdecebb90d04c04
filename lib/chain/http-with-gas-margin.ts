import { type EIP1193RequestFn, type Hex, type HttpTransport, hexToBigInt, http, numberToHex } from 'viem'

/**
 * HTTP to a node for programs that send. A node estimates a transaction's gas on the newest block, and the transaction runs in
 * a later one, where it may need more: such as the first of an epoch. So a quarter is added; what is not used is not paid.
 */
export function httpWithGasMargin(...given: Parameters<typeof http>): HttpTransport {
  const open = http(...given)
  return (config) => {
    const transport = open(config)
    const request = async (asked: { method: string; params?: unknown }, options?: object) => {
      const answer: unknown = await transport.request(asked as never, options)
      if (asked.method === 'eth_estimateGas') return withMargin(answer as Hex)
      if (asked.method !== 'eth_fillTransaction') return answer
      const filled = answer as { tx: { gas: Hex } }
      return { ...filled, tx: { ...filled.tx, gas: withMargin(filled.tx.gas) } }
    }
    return { ...transport, request: request as EIP1193RequestFn }
  }
}

const withMargin = (gas: Hex): Hex => numberToHex((hexToBigInt(gas) * 5n) / 4n)
