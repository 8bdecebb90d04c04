import { createWalletClient, type Hex, http, isHex, numberToHex, type TransactionRequest } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { httpWithGasMargin } from '@/lib/chain/http-with-gas-margin'
import type { ChainConfig } from '@/lib/market/read/views'
import { burnerIcon } from './burner-icon'
import { viemChain } from './viem-chain'

const keyItem = 'kinmark.burner.key'
const connectedItem = 'kinmark.burner.allowed'

type Request = { method: string; params?: readonly unknown[] }

function burnerKey(): Hex {
  const stored = localStorage.getItem(keyItem)
  if (isHex(stored)) return stored
  const generated = generatePrivateKey()
  localStorage.setItem(keyItem, generated)
  return generated
}

/**
 * Announces a wallet for users without one, like any browser wallet (EIP-6963). Its key is in local storage, so it is
 * offered on a local chain only. The faucet funds it when it connects without ETH.
 */
export function announceBurner(config: ChainConfig): void {
  const provider = {
    request: (request: Request) => handleRequest(config, request),
    on: () => provider,
    removeListener: () => provider,
  }
  const info = { uuid: crypto.randomUUID(), name: 'Burner wallet', icon: burnerIcon, rdns: 'app.kinmark.burner' }
  const announce = () =>
    window.dispatchEvent(
      new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info: Object.freeze(info), provider }) }),
    )
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}

async function handleRequest(config: ChainConfig, { method, params = [] }: Request): Promise<unknown> {
  const client = createWalletClient({
    account: privateKeyToAccount(burnerKey()),
    chain: viemChain(config),
    transport: httpWithGasMargin(config.rpcUrl),
  })
  const { account } = client
  switch (method) {
    case 'eth_accounts':
      return localStorage.getItem(connectedItem) ? [account.address] : []
    case 'eth_requestAccounts':
    case 'wallet_requestPermissions':
      await fundFromFaucet(config, account.address)
      localStorage.setItem(connectedItem, 'yes')
      if (method === 'eth_requestAccounts') return [account.address]
      return [{ parentCapability: 'eth_accounts', caveats: [{ value: [account.address] }] }]
    case 'wallet_revokePermissions':
      localStorage.removeItem(connectedItem)
      return null
    case 'wallet_switchEthereumChain':
      return null
    case 'eth_chainId':
      return numberToHex(config.chainId)
    case 'personal_sign':
      return account.signMessage({ message: { raw: params[0] as Hex } })
    case 'eth_signTypedData_v4':
      return account.signTypedData(JSON.parse(params[1] as string))
    case 'eth_sendTransaction': {
      const { to, data, value } = params[0] as TransactionRequest & { value?: Hex }
      return client.sendTransaction({ to, data, value: value === undefined ? undefined : BigInt(value) })
    }
    default:
      return client.request({ method, params } as Parameters<typeof client.request>[0])
  }
}

async function fundFromFaucet(config: ChainConfig, address: Hex): Promise<void> {
  const client = createWalletClient({ transport: http(config.rpcUrl) })
  const balance = await client.request({ method: 'eth_getBalance', params: [address, 'latest'] } as never)
  if (BigInt(balance as Hex) > 0n) return
  await fetch('/api/faucet', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address }),
  })
}
