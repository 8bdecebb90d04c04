'use client'

import { type ComponentType, useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import type { Config } from 'wagmi'
import { storage } from '@/lib/browser/storage'

/** What the wallet stack offers, once it is loaded. */
export type Stack = {
  config: Config
  /** The account and the network of the connected wallet. */
  address: Address | undefined
  chainId: number | undefined
  /** Dialogs to connect or sign in, to switch the network, and about the account. Undefined where there is nothing to do. */
  openConnect?: () => void
  openNetworks?: () => void
  openAccount?: () => void
}

/**
 * The wallet stack is large and most visits need none of it, so it is loaded when somebody connects, or was connected
 * before. Pages read from this store and render without it.
 */
export type Wallet = {
  stage: 'absent' | 'loading' | 'failed' | 'ready'
  /** Renders the stack’s providers and dialogs, beside the page instead of around it. */
  Island: ComponentType | null
  stack: Stack | null
}

const rememberedKey = 'kinmark.wallet'
const absent: Wallet = { stage: 'absent', Island: null, stack: null }

let wallet = absent
/** Whether to open the dialog as soon as it is there. */
let asked = false
const listeners = new Set<() => void>()

function change(next: Partial<Wallet>): void {
  wallet = { ...wallet, ...next }
  for (const listener of listeners) listener()
}

let importStack: (() => Promise<{ Island: ComponentType }>) | undefined

/** Says where the stack is, without loading it. */
export function installWallet(load: typeof importStack): void {
  importStack = load
}

/** Loads the stack once. It takes part in the page as `Island`. */
export function loadWallet(): void {
  if (wallet.stage !== 'absent' || !importStack) return
  change({ stage: 'loading' })
  importStack().then(
    ({ Island }) => change({ Island }),
    () => change({ stage: 'failed' }),
  )
}

/** Opens the dialog to connect or sign in. */
export function openWallet(): void {
  asked = true
  loadWallet()
  openWhenAsked()
}

function openWhenAsked(): void {
  if (!asked || !wallet.stack) return
  asked = false
  wallet.stack.openConnect?.()
}

/** The island tells what has changed in the stack. */
export function publishStack(stack: Stack): void {
  if (stack.address) storage().set(rememberedKey, 'connected')
  change({ stage: 'ready', stack })
  openWhenAsked()
}

/** The person disconnected: the next visit needs no stack. */
export function forgetWallet(): void {
  storage().set(rememberedKey, null)
}

export const wasConnected = () => storage().get(rememberedKey) !== null

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useWallet(): Wallet {
  return useSyncExternalStore(
    subscribe,
    () => wallet,
    () => absent,
  )
}

/** The connected account and its network; undefined without a wallet. */
export function useAccount(): { address: Address | undefined; chainId: number | undefined; config: Config | null } {
  const { stack } = useWallet()
  return { address: stack?.address, chainId: stack?.chainId, config: stack?.config ?? null }
}
