import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseDeployment } from '../../lib/chain/deployment'
import type { Env } from '../../lib/env'
import { log } from '../../lib/log'
import { errorOfProblem } from '../../lib/problem'
import { writeAtomically } from '../../lib/storage/write-atomically'

/**
 * Asks the app for the contracts' addresses where this machine has no file with them, and keeps them: a later start uses the
 * file, so that the app cannot move a minter to other contracts.
 */
export async function haveDeployment({ deploymentFile }: Pick<Env, 'deploymentFile'>, url: string): Promise<void> {
  if (existsSync(deploymentFile)) return
  const address = `${url}/api/v1/chain`
  const response = await fetch(address)
  if (!response.ok) throw errorOfProblem(await response.json().catch(() => null), response.status)
  const { chainId, minter, contracts } = Object(await response.json())
  const text = JSON.stringify({ chainId, block: 0, minter, contracts }, null, 2)
  parseDeployment(text, address)
  await mkdir(dirname(deploymentFile), { recursive: true })
  await writeAtomically(deploymentFile, (temporary) => writeFile(temporary, text))
  log.info(
    { file: deploymentFile, chain: chainId },
    'The addresses of the contracts were asked from the app, and are kept.',
  )
}
