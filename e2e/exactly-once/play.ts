import type { Page } from '@playwright/test'
import type { CaseStep } from '../../lib/chain/case'
import type { CopyAction } from '../../lib/chain/copy'
import { copyRegistryAbi } from '../../lib/chain/generated'
import type { BallotStep } from '../../lib/chain/votes'
import { countOf, deployment, faucet, originBond } from '../chain'
import { copyModel, publishUnsold, uniqueName, upload } from '../steps'
import { expect, type Person, signIn, test } from '../wallet'
import { check, doing, type Scene, undone, whims } from './whims'

/** Every write that a page sends. A new one does not compile until it has its row below. */
type Builders = typeof import('../../lib/chain/writes/build') &
  typeof import('../../lib/chain/writes/build-case') &
  typeof import('../../lib/chain/writes/build-votes')
type WriteName =
  | 'orderWrite'
  | Exclude<keyof Builders, 'copyWrite' | 'stepWrite' | 'ballotWrite'>
  // A minter’s program stands by a delivery: no page offers it.
  | `copy: ${Exclude<CopyAction, 'standBy'>}`
  | `case: ${CaseStep}`
  | `ballot: ${BallotStep}`

/** The scenes in which each write is tried with every whim, in the order in which they can happen. */
const acts = {
  order: ['orderWrite'],
  registration: ['registerWrite'],
  copy: ['copy: accept', 'copy: close', 'copy: withdraw'],
  refusal: ['refuseWrite', 'copy: refund', 'claimWrite'],
  trial: [
    'openCaseWrite',
    'joinWrite',
    'answerWrite',
    'case: draw',
    'commitWrite',
    'revealWrite',
    'case: rule',
    'case: appeal',
    'case: close',
    'courtClaimWrite',
  ],
  origin: ['parentCaseWrite', 'carryWrite', 'decisionWrite', 'announceWrite', 'originBondWrite'],
  votes: ['putUpBondWrite', 'proposeWrite', 'castVoteWrite', 'ballot: queue', 'ballot: execute'],
  paying: ['openSessionWrite', 'requestReleaseWrite', 'releaseWrite', 'withdrawWrite'],
  hosting: ['openDeploymentWrite', 'prepayFeesWrite', 'closeDeploymentWrite'],
} as const satisfies Record<string, readonly WriteName[]>

type Listed = (typeof acts)[keyof typeof acts][number]
type Played = [Exclude<WriteName, Listed>] extends [never] ? Listed : never

export const tiny = 1

export type Row = {
  path: string
  name: string | RegExp
  /** Opens what is folded. */
  unfold?: (page: Page) => Promise<unknown>
  /** Fills in what the button needs. */
  fill?: (page: Page) => Promise<unknown>
  confirm?: Scene['confirm']
  /** How often it has happened, by its event. */
  event: Parameters<typeof countOf>[0]
  /** Shown, or gone, once the page knows that it has happened. */
  done?: (page: Page) => Promise<unknown>
}

/** Plays one write of an act: with every whim that leaves it undone, then with one that does it. It happens once. */
export async function play(act: keyof typeof acts, write: Played, person: Person, row: Row): Promise<void> {
  await test.step(write, async () => {
    const at = [...acts[act]].indexOf(write as never)
    expect(at, `${write} belongs to the act “${act}”`).toBeGreaterThanOrEqual(0)
    const button = (page: Page) => page.getByRole('main').getByRole('button', { name: row.name, exact: true })
    const load = async (page: Page) => {
      // Also where only the fragment differs, it is loaded again.
      await page.goto('about:blank')
      await page.goto(row.path)
      await page.getByRole('banner').getByRole('button', { name: /0x/ }).waitFor()
    }
    const open = async (page: Page) => {
      await load(page)
      await row.unfold?.(page)
      await button(page).waitFor()
      await row.fill?.(page)
    }
    /** A page offers no write that has happened already. Some go on asking the chain. */
    const openAfter = async (page: Page) => {
      await load(page)
      await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined)
    }
    const count = () => countOf(row.event)
    const scene: Scene = { person, open, openAfter, button, confirm: row.confirm, count, pays: false }
    const happened = row.done ?? ((page: Page) => expect(button(page)).toBeHidden())
    const before = await scene.count()
    await open(person.page)
    await expect(button(person.page)).toBeEnabled()
    for (const whim of undone) expect(await check(scene, whims[whim], async () => undefined), whim).toBe(0)
    const whim = doing[at % doing.length]
    expect(await check(scene, whims[whim], happened), whim).toBe(1)
    // A request that this wallet has not answered stays unanswered in the next scene too.
    await openAfter(person.page)
    expect(await scene.count(), 'in all').toBe(before + 1)
  })
}

export const copyEvent = (
  eventName: 'Accepted' | 'Closing' | 'CollateralReturned' | 'DeliveryRefused' | 'Refunded',
  id: bigint,
) => ({ address: deployment().contracts.copyRegistry, abi: copyRegistryAbi, eventName, args: { id } }) as const

/** Somebody publishes a model whose key pool is known here; returns its id. */
export async function publish(person: Person, folder: string): Promise<bigint> {
  const { page, wallet } = person
  await faucet(wallet.account, originBond)
  copyModel('tiny', folder, `# ${uniqueName('played')}\nA model.\n`)
  await page.goto('/publish')
  if (await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).isVisible()) await signIn(page)
  await upload(page, folder)
  return BigInt(await publishUnsold(person))
}
