import {
  type Address,
  type Client,
  type ContractFunctionArgs,
  compactSignatureToSignature,
  type Hex,
  maxUint256,
  parseAbi,
  parseCompactSignature,
  parseSignature,
  size,
  type TypedDataDomain,
} from 'viem'
import { readContract } from 'viem/actions'
import { KinmarkError } from '../error'
import { type copyRegistryAbi, testUsdAbi } from './generated'

export type Permit = ContractFunctionArgs<typeof copyRegistryAbi, 'nonpayable', 'orderWithPermit'>[2]

/** The token’s part of an EIP-2612 signature. */
export type PermitState = { domain: TypedDataDomain; nonce: bigint }

/** The token’s EIP-712 domain: from `eip712Domain()` (EIP-5267), or from `name()` and `version()` where it lacks that, as USDC does. */
async function readDomain(client: Client, usd: Address): Promise<TypedDataDomain> {
  try {
    const [, name, version, chainId, verifyingContract] = await readContract(client, {
      address: usd,
      abi: testUsdAbi,
      functionName: 'eip712Domain',
    })
    return { name, version, chainId: Number(chainId), verifyingContract }
  } catch {
    const abi = parseAbi(['function name() view returns (string)', 'function version() view returns (string)'])
    const [name, version, chainId] = await Promise.all([
      readContract(client, { address: usd, abi, functionName: 'name' }),
      readContract(client, { address: usd, abi, functionName: 'version' }),
      client.request({ method: 'eth_chainId' }),
    ])
    return { name, version, chainId: Number(chainId), verifyingContract: usd }
  }
}

export async function readPermitState(client: Client, usd: Address, owner: Address): Promise<PermitState> {
  const [domain, nonce] = await Promise.all([
    readDomain(client, usd),
    readContract(client, { address: usd, abi: testUsdAbi, functionName: 'nonces', args: [owner] }),
  ])
  return { domain, nonce }
}

/** The typed data that allows `spender` to take `value` from `owner`. */
export function permitTypedData(
  { domain, nonce }: PermitState,
  {
    owner,
    spender,
    value,
    deadline = maxUint256,
  }: { owner: Address; spender: Address; value: bigint; deadline?: bigint },
) {
  return {
    domain,
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { owner, spender, value, nonce, deadline },
  } as const
}

const shortBytes = 64
const ordinaryBytes = 65

/**
 * The signature in the form that `orderWithPermit` takes. `value` and `deadline` must be the signed ones. Some wallets sign
 * in the short form of EIP-2098. Throws `wallet.signature-foreign` for those of contracts (ERC-1271), which permits lack.
 */
export function permitOf(signature: Hex, value: bigint, deadline: bigint = maxUint256): Permit {
  const bytes = size(signature)
  if (bytes !== shortBytes && bytes !== ordinaryBytes) throw new KinmarkError('wallet.signature-foreign', { bytes })
  const { r, s, yParity } =
    bytes === shortBytes
      ? compactSignatureToSignature(parseCompactSignature(signature))
      : (parseSignature(signature) as { r: Hex; s: Hex; yParity: number })
  return { value, deadline, v: 27 + (yParity ?? 0), r, s }
}
