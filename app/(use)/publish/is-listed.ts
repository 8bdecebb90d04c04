'use server'

import { parseModelId } from '@/lib/chain/ids'
import { getModel } from '@/lib/market/read/get-model'

/** Whether the market lists the model: its block is indexed and its metadata is read. */
export async function isListed(id: string): Promise<boolean> {
  const model = parseModelId(String(id))
  return model !== null && (await getModel(model)) !== null
}
