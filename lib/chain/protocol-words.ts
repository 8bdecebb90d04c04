import type { Address, Hex } from 'viem'
import { KinmarkError } from '../error'

/** Functions of the protocol contract without arguments that return whole numbers. A test compares them with the ABI. */
export const protocolSelectors = {
  time: '0x16ada547',
  cuts: '0xf47ca352',
  acceptWindow: '0x808cfca4',
  origin: '0x938b5f32',
  thaw: '0x5920375c',
} as const satisfies Record<string, Hex>

export type ProtocolNumber = keyof typeof protocolSelectors

/**
 * What a function of the protocol contract returns, asked of the chain by one request: pages without a wallet need no
 * library for it. The state is the one that a transaction sent now would find. Throws `chain.unreachable`.
 */
export async function readProtocol(rpcUrl: string, protocol: Address, name: ProtocolNumber): Promise<bigint[]> {
  const call = { to: protocol, data: protocolSelectors[name] }
  const body = { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [call, 'pending'] }
  try {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(rpcUrl, { method: 'POST', headers, body: JSON.stringify(body) })
    const { result } = (await answer.json()) as { result?: string }
    const words = result?.slice(2).match(/[0-9a-f]{64}/gi)
    if (!words) throw new Error(`The chain did not answer ${name}.`)
    return words.map((word) => BigInt(`0x${word}`))
  } catch (cause) {
    throw new KinmarkError('chain.unreachable', {}, { cause })
  }
}
