import { getAddress, parseEventLogs, type TransactionReceipt } from 'viem'
import { claimCall } from '../../../lib/chain/claim'
import { treasuryAbi } from '../../../lib/chain/generated'
import { toModelId } from '../../../lib/chain/ids'
import { formatUsdc } from '../../../lib/format/amounts'
import type { CommandOptions, CommandResult, Values } from '../options'
import { table } from '../table'
import { dueTo } from './earnings'
import { actAs, type Payer } from './payer'

/** Pays out everything that is due to the account, in one transaction. One that a killed program sent is found, not repeated. */
export async function claim(values: Values, options: CommandOptions): Promise<CommandResult> {
  return actAs(values, options, async (payer) => {
    const { site, chain, account } = payer
    const due = () => dueTo(site, chain, account.address)
    const receipt = await payer.send('claim.tx', {
      done: async () => (await due()).total === 0n,
      call: async () => {
        const models = (await due()).models.filter(({ claimable }) => claimable > 0n)
        return claimCall(chain.contracts.treasury, {
          account: account.address,
          models: models.map(({ model }) => toModelId(BigInt(model))),
        })
      },
    })
    if (!receipt) return { text: 'There is nothing to claim.', json: { claimed: '0', tx: null }, yes: true }
    const claimed = paidIn(payer, receipt)
    const text = table([
      ['claimed', `${formatUsdc(claimed)} USDC for ${account.address}`],
      ['transaction', receipt.transactionHash],
    ])
    return { text, json: { claimed: String(claimed), tx: receipt.transactionHash }, yes: true }
  })
}

/** What a transaction paid to the account, from its events. USDC of 6 decimals. */
function paidIn({ chain, account }: Payer, { logs }: TransactionReceipt): bigint {
  return parseEventLogs({ abi: treasuryAbi, eventName: ['Claimed', 'CreditClaimed'], logs })
    .filter(({ address, args }) => getAddress(address) === chain.contracts.treasury && args.account === account.address)
    .reduce((sum, { args }) => sum + args.amount, 0n)
}
