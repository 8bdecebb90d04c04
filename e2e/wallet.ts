import { type Browser, type BrowserContext, test as base, type Page } from '@playwright/test'
import { createWalletClient, type Hex, type LocalAccount, numberToHex, parseGwei, type TransactionRequest } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { httpWithGasMargin } from '../lib/chain/http-with-gas-margin'
import { rpcUrl } from './chain'

/** A transaction that the wallet was asked to send. `broadcast` may come later, twice, with another nonce, or never. */
export type AskedTransaction = { broadcast(changes?: { nonce?: number; gwei?: number }): Promise<Hex> }

type Wallet = {
  account: LocalAccount
  /** The network that the wallet reports. */
  chainId: number
  /** Rejects the next signature, as if the person had clicked “Reject”. */
  rejectNext: boolean
  /** Stands in for the person and the wallet at the next signature, and at the next transaction. */
  onSign?: () => Promise<Hex>
  /** What the wallet makes of a signature of typed data. */
  changeSignature?: (signature: Hex) => Hex
  onSend?: (asked: AskedTransaction) => Promise<Hex>
}

export type Person = { page: Page; context: BrowserContext; wallet: Wallet }

type Answer = { result?: unknown; error?: { code: number; message: string } }
export const homeChain = 31337
const signing = ['personal_sign', 'eth_signTypedData_v4', 'eth_sendTransaction']

/** Fees with which a transaction replaces one with fewer `gwei`. */
export const feesOf = (gwei: number) => ({
  maxFeePerGas: parseGwei(String(gwei)),
  maxPriorityFeePerGas: parseGwei(String(gwei)),
})

/** Adds an EIP-6963 provider to every page. Keys and RPC calls stay in the test’s process. */
async function install(context: BrowserContext, wallet: Wallet): Promise<void> {
  let permitted = false
  const { account } = wallet
  const client = createWalletClient({ account, transport: httpWithGasMargin(rpcUrl()), pollingInterval: 50 })

  const signTyped = async (typed: Parameters<typeof account.signTypedData>[0]): Promise<Hex> => {
    const signature = await account.signTypedData(typed)
    return wallet.changeSignature?.(signature) ?? signature
  }
  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    if (signing.includes(method) && wallet.rejectNext) {
      wallet.rejectNext = false
      throw Object.assign(new Error('User rejected the request.'), { code: 4001 })
    }
    switch (method) {
      case 'eth_accounts':
        return permitted ? [account.address] : []
      case 'eth_requestAccounts':
        permitted = true
        return [account.address]
      case 'wallet_requestPermissions':
        permitted = true
        return [{ parentCapability: 'eth_accounts', caveats: [{ value: [account.address] }] }]
      case 'wallet_revokePermissions':
        permitted = false
        return null
      case 'eth_chainId':
        return numberToHex(wallet.chainId)
      case 'wallet_switchEthereumChain':
        wallet.chainId = Number((params[0] as { chainId: Hex }).chainId)
        return null
      case 'personal_sign':
        return account.signMessage({ message: { raw: params[0] as Hex } })
      case 'eth_signTypedData_v4':
        if (wallet.onSign) return wallet.onSign()
        return signTyped(JSON.parse(params[1] as string))
      case 'eth_sendTransaction': {
        const { to, data, value } = params[0] as TransactionRequest & { value?: Hex }
        const broadcast: AskedTransaction['broadcast'] = ({ nonce, gwei } = {}) =>
          client.sendTransaction({
            chain: null,
            to,
            data,
            value: value ? BigInt(value) : undefined,
            nonce,
            ...(gwei && { ...feesOf(gwei), gas: 2_000_000n }),
          })
        return wallet.onSend ? wallet.onSend({ broadcast }) : broadcast()
      }
      default:
        return client.request({ method, params } as Parameters<typeof client.request>[0])
    }
  }

  await context.exposeFunction('walletRequest', async (method: string, params: unknown[]): Promise<Answer> => {
    try {
      return { result: await answer(method, params ?? []) }
    } catch (error) {
      const { code = -32603, message } = error as { code?: number; message: string }
      return { error: { code, message } }
    }
  })
  await context.addInitScript(provideWallet)
}

/** Runs in the page. */
function provideWallet() {
  type Listener = (value: unknown) => void
  const listeners = new Map<string, Set<Listener>>()
  const emit = (event: string, value: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(value)
  }
  const provider = {
    async request({ method, params = [] }: { method: string; params?: unknown[] }) {
      const request = (window as unknown as { walletRequest: (method: string, params: unknown[]) => Promise<Answer> })
        .walletRequest
      const { result, error } = await request(method, params)
      if (error) throw Object.assign(new Error(error.message), { code: error.code })
      if (method === 'wallet_switchEthereumChain') emit('chainChanged', (params[0] as { chainId: string }).chainId)
      return result
    },
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
      return provider
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener)
      return provider
    },
  }
  const icon = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E'
  const info = { uuid: '00000000-0000-4000-8000-000000000001', name: 'Test wallet', icon, rdns: 'test.wallet' }
  const announce = () =>
    window.dispatchEvent(
      new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info: Object.freeze(info), provider }) }),
    )
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}

/** Opens a browser context with a wallet of its own; by default the wallet has a new key. */
async function openPerson(browser: Browser, account: LocalAccount = privateKeyToAccount(generatePrivateKey())) {
  const context = await browser.newContext()
  const wallet: Wallet = { account, chainId: homeChain, rejectNext: false }
  await install(context, wallet)
  return { context, wallet, page: await context.newPage() } satisfies Person
}

/** Connects with the header’s button and signs in. */
export async function signIn(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Test wallet' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /sign message/i })
    .click()
  await page.getByRole('banner').getByRole('button', { name: /0x/ }).waitFor()
}

type Fixtures = { person: (account?: LocalAccount) => Promise<Person> }

export const test = base.extend<Fixtures>({
  person: async ({ browser }, use) => {
    const opened: Person[] = []
    await use(async (account) => {
      const one = await openPerson(browser, account)
      opened.push(one)
      return one
    })
    for (const { context } of opened) await context.close()
  },
})

export { expect } from '@playwright/test'
