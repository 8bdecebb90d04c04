import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@playwright/test'

/** A whole Kinmark: the ports of its app and its chain, and its folder. */
export type Place = { port: number; chainPort: number; data: string }

const port = Number(process.env.KINMARK_E2E_PORT ?? 3210)
const chainPort = Number(process.env.KINMARK_E2E_CHAIN_PORT ?? 8546)
const data = process.env.KINMARK_E2E_DATA ?? join(tmpdir(), 'kinmark-e2e')

/** By Playwright’s projects. Stories that let time pass would end deadlines of the others, so they have a chain of their own. */
export const places = {
  stories: { port, chainPort, data },
  time: { port: port + 1, chainPort: chainPort + 1, data: `${data}-time` },
} satisfies Record<string, Place>

/**
 * Keys per model, fewer than a model gets by default, because every publication costs a pool. The sixteenth that a buyer
 * sees names its copy with a chance of error far below the one in a billion that a verdict needs.
 */
export const keys = 1024

let entered: Place | undefined

/** Before the stories begin, there is no project: whoever prepares a place says which. */
export function enter(place: Place): void {
  entered = place
}

/** Where the story that runs takes place. */
export const here = (): Place => entered ?? places[test.info().project.name as keyof typeof places]

export const siteOf = ({ port }: Place) => `http://localhost:${port}`
export const rpcUrlOf = ({ chainPort }: Place) => `http://127.0.0.1:${chainPort}`
