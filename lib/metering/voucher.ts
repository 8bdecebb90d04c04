import { type Address, type Hex, hashStruct } from 'viem'
import { domainOf } from './domain'

/** A user's promise to the host of one copy: all units and all money so far. Only the latest counts. */
export type Voucher = {
  copyId: bigint
  user: Address
  /** Tokens that the user has received from the copy, in all. */
  cumulativeUnits: bigint
  /** USDC of 6 decimals that the user has promised for them, in all. */
  cumulativeAmount: bigint
}

/** Names vouchers as a scheme of x402. */
export const voucherScheme = 'kinmark-voucher'

/** EIP-712, as contracts/src/lib/Vouchers.sol has it. */
const voucherTypes = {
  Voucher: [
    { name: 'copyId', type: 'uint256' },
    { name: 'user', type: 'address' },
    { name: 'cumulativeUnits', type: 'uint64' },
    { name: 'cumulativeAmount', type: 'uint64' },
  ],
} as const

/** What a user, or a session key that it named, signs for a host. */
export function voucherTypedData(chainId: number, userLedger: Address, message: Voucher) {
  return { domain: domainOf(chainId, userLedger), types: voucherTypes, primaryType: 'Voucher', message } as const
}

export function voucherHash(voucher: Voucher): Hex {
  return hashStruct({ data: voucher, primaryType: 'Voucher', types: voucherTypes })
}

/** What `units` of a voucher release in all, rounded down, and nothing for no units: the rule of `UserLedger.settle`. */
export function releasedDown({ cumulativeUnits, cumulativeAmount }: Voucher, units: bigint): bigint {
  return cumulativeUnits === 0n ? 0n : (cumulativeAmount * units) / cumulativeUnits
}
