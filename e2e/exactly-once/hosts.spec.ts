import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { usageLedgerAbi, userLedgerAbi } from '../../lib/chain/generated'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { allowBonds, chain, deployment, faucet, send } from '../chain'
import { passUntil } from '../courts'
import { buy } from '../steps'
import { expect, signIn, test } from '../wallet'
import { play, type Row, tiny } from './play'

test('error: each write of a host and of its user happens once, whatever the wallet does', { tag: '@time' }, async ({
  person,
}) => {
  const [host, user] = [await person(), await person()]
  const { contracts } = deployment()
  const usage = (eventName: string, args: object) =>
    ({ address: contracts.usageLedger, abi: usageLedgerAbi, eventName, args }) as Row['event']
  const users = (eventName: string, args: object) =>
    ({ address: contracts.userLedger, abi: userLedgerAbi, eventName, args }) as Row['event']
  await host.page.goto(`/models/${tiny}`)
  await signIn(host.page)
  const copy = BigInt(await buy(host, parseUsdc('1000')))
  await host.page.getByRole('button', { name: 'Accept the copy' }).click()
  await expect(host.page.getByRole('status', { name: 'State' })).toHaveText(/active/)

  const operator = privateKeyToAccount(generatePrivateKey()).address
  await play('hosting', 'openDeploymentWrite', host, {
    path: '/hosting',
    name: 'Open the deployment',
    fill: async (page) => {
      await page.getByLabel('Public address').fill('http://127.0.0.1:9/v1')
      await page.getByLabel('Operator key').fill(operator)
    },
    event: usage('DeploymentOpened', { copyId: copy, operator }),
  })
  await allowBonds(host.wallet.account, 'usageLedger')
  await play('hosting', 'prepayFeesWrite', host, {
    path: '/hosting',
    name: 'Prepay',
    event: usage('Deposited', { copyId: copy, payer: host.wallet.account.address }),
    done: (page) => expect(page.getByText(/Prepaid in block/)).toBeVisible(),
  })

  const { account } = user.wallet
  await faucet(account, parseUsdc('10'))
  await allowBonds(account, 'userLedger')
  const ledger = { address: contracts.userLedger, abi: userLedgerAbi } as const
  await send(account, { ...ledger, functionName: 'deposit', args: [parseUsdc('2')] })
  const path = `/hosts/${copy}/1`
  await user.page.goto(path)
  await signIn(user.page)
  const mine = { copyId: copy, user: account.address }
  await play('paying', 'openSessionWrite', user, {
    path,
    name: 'Reserve and start',
    event: users('KeyNamed', mine),
    done: (page) => expect(page.getByLabel('Your message')).toBeVisible(),
  })
  const reserved = { ...ledger, functionName: 'reservations', args: [copy, account.address] } as const
  expect(await chain.readContract(reserved)).toMatchObject({ amount: parseUsdc('1') })
  await play('paying', 'requestReleaseWrite', user, {
    path,
    name: 'Ask for the rest back',
    event: users('ReleaseRequested', mine),
  })
  const { leavesAt } = await chain.readContract(reserved)
  await passUntil(BigInt(leavesAt))
  await play('paying', 'releaseWrite', user, {
    path,
    name: 'Return it to your deposit',
    event: users('Released', mine),
  })
  await play('paying', 'withdrawWrite', user, {
    path,
    name: 'Send the deposit to your wallet',
    event: users('Withdrawn', { account: account.address }),
  })
  await play('hosting', 'closeDeploymentWrite', host, {
    path: '/hosting',
    name: 'Close deployment 1',
    event: usage('DeploymentClosed', { copyId: copy, number: 1 }),
  })
})
