'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import type { CopyId } from '@/lib/chain/ids'
import { messageOf } from '@/lib/error'
import { parseUsdc } from '@/lib/format/parse-usdc'

/** Adds to the escrow out of which reports pay their fee; what is owed is paid first. */
export function PrepayFees({ copyId }: { copyId: CopyId }) {
  const account = useSession()
  const { contracts } = useChain()
  const [text, setText] = useState('1.00')
  const { state, run, busy } = useWrite('usageLedger', `hosting.prepay.${copyId}`)
  const { amount, error } = parse(text)
  const prepay = () => {
    if (account && amount !== null)
      run(({ prepayFeesWrite }) => prepayFeesWrite(contracts.usageLedger, copyId, account, amount), amount)
  }
  return (
    <div className="pt-3">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) prepay()
        }}
      >
        <Field
          label="Prepay fees"
          unit="USDC"
          inputMode="decimal"
          value={text}
          error={error}
          onChange={(event) => setText(event.target.value)}
          className="w-40"
        />
        <RightNetwork>
          <Button type="submit" variant="secondary" busy={busy} disabled={amount === null || !account}>
            Prepay
          </Button>
        </RightNetwork>
      </form>
      <div className="mt-2">
        <TransactionNote state={state} included="Prepaid" />
      </div>
    </div>
  )
}

function parse(text: string): { amount: bigint | null; error: string | null } {
  try {
    const amount = parseUsdc(text)
    return { amount: amount > 0n && amount < 2n ** 63n ? amount : null, error: null }
  } catch (error) {
    return { amount: null, error: messageOf(error) }
  }
}
