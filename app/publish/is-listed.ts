'use server'

import { getModel } from '@/lib/market/read/get-model'

/** Whether the market lists the model: its block is indexed and its metadata is read. */
export async function isListed(id: string): Promise<boolean> {
  return (await getModel(String(id))) !== null
}
