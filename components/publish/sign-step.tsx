'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useEffect } from 'react'
import { InsufficientBalance } from '@/components/buy/insufficient-balance'
import { useBalances } from '@/components/buy/use-balances'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import type { Transaction } from '@/components/wallet/use-transaction'
import { useAccount } from '@/components/wallet/wallet'
import { sendJson } from '@/lib/browser/http'
import { loadPart } from '@/lib/browser/load-part'
import type { Terms } from '@/lib/chain/terms'
import { KinmarkError } from '@/lib/error'
import { formatDuration } from '@/lib/format/times'
import type { Draft } from '@/lib/manifest/draft'
import type { ModelSummary } from '@/lib/market/read/views'
import type { ParentPick } from './terms-form'
import { useOriginBond } from './use-origin-bond'

type Props = {
  draft: Draft | null
  terms: Terms | null
  playground: boolean
  parents: ParentPick[]
  models: ModelSummary[]
  /** Whether the market lists the model. */
  isListed: (id: string) => Promise<boolean>
  onPublished: () => void
  transaction: Transaction
}

export function SignStep({ draft, terms, playground, parents, models, isListed, onPublished, transaction }: Props) {
  const { contracts, minter } = useChain()
  const account = useSession()
  const router = useRouter()
  const { config } = useAccount()
  const bond = useOriginBond()
  const { usdc, sufficient, refresh } = useBalances(account, bond?.amount ?? 0n)
  const { state, send } = transaction
  const modelId = state.stage === 'included' ? state.id : null
  const busy = isUnderWay(state) || modelId !== null
  // The index reads the model's metadata after its block.
  const isReady = useCallback(async () => modelId !== null && isListed(modelId), [modelId, isListed])
  const indexed = useIndexed(blockOf(state), isReady)

  useEffect(() => {
    if (modelId) onPublished()
  }, [modelId, onPublished])
  useEffect(() => {
    if (modelId && indexed === 'indexed') router.push(`/models/${modelId}`)
  }, [modelId, indexed, router])

  const sign = () =>
    send(async () => {
      // The draft may have been finalized before this option was set.
      const finalized = await sendJson<Draft>(`/api/drafts/${draft!.id}/finalize`, { playground })
      if (!config) throw new KinmarkError('wallet.not-connected')
      const { registerWrite } = await loadPart(import('@/lib/chain/writes/build'))
      const { allowBond } = await loadPart(import('@/components/wallet/allow-bond'))
      const { termsHash } = await loadPart(import('@/lib/chain/terms-hash'))
      const write = registerWrite(contracts.modelRegistry, account!, {
        manifestRoot: finalized.manifestRoot,
        metadataURI: finalized.metadataURI!,
        terms: terms!,
        minters: [minter],
        parents: parents.flatMap(({ id, relation, copyId }) => {
          const parent = models.find((model) => model.id === id)
          return parent ? [{ id, relation, copyId: copyId ?? undefined, termsHash: termsHash(parent.terms) }] : []
        }),
      })
      await allowBond(config, { usd: contracts.usd, spender: contracts.origins }, bond!.amount)
      return write
    })
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">
        One transaction registers the files, the terms and the parents, and gives you all 1,000,000 shares. Parents
        cannot be changed later; terms can be changed for future copies.
      </p>
      <p className="text-sm text-muted">
        It also names <Account address={minter} label="minter’s address" /> as the minter of your model. Nobody else can
        mint it. The minter then makes the key pool and publishes its root, and the model is for sale.
      </p>
      {bond && (
        <p className="text-sm text-muted">
          Publishing locks a bond of <Amount value={bond.amount} /> for {formatDuration(bond.seconds)}, with which you
          answer for having named all parents. You can claim it back on the model’s page afterwards. It is lost if drawn
          provers find that the weights descend from an earlier model that you do not name.
        </p>
      )}
      {bond && account && sufficient === false && !busy && (
        <InsufficientBalance account={account} balance={usdc} needed={bond.amount} onFunded={refresh} />
      )}
      <RightNetwork>
        <Button
          size="large"
          onClick={sign}
          busy={busy}
          disabled={!draft?.metadataURI || !terms || !bond || !sufficient}
        >
          Sign and publish
        </Button>
      </RightNetwork>
      <TransactionNote state={state} included="Published" />
      {modelId && indexed !== 'late' && <p className="text-sm text-muted">Opening the model’s page…</p>}
      {modelId && indexed === 'late' && (
        <Callout tone="warning">
          Model {modelId} is on the chain, but not listed yet. It will appear under Explore.
        </Callout>
      )}
    </div>
  )
}
