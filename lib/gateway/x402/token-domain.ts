import { type Address, type PublicClient, parseAbi } from 'viem'

const abi = parseAbi(['function name() view returns (string)', 'function version() view returns (string)'])

/** The name and the version with which a token signs (EIP-712): as it states them by EIP-5267, or as USDC does. */
export async function tokenDomain(client: PublicClient, address: Address): Promise<{ name: string; version: string }> {
  const stated = await client.getEip712Domain({ address }).catch(() => null)
  const { name, version } = stated?.domain ?? {}
  if (name && version) return { name, version }
  const [ownName, ownVersion] = await Promise.all([
    client.readContract({ address, abi, functionName: 'name' }),
    client.readContract({ address, abi, functionName: 'version' }),
  ])
  return { name: ownName, version: ownVersion }
}
