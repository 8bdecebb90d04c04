'use server'

import { getModel } from '@/lib/market/read/get-model'

/** Whether the market has seen the model on the chain. */
export async function isListed(id: string): Promise<boolean> {
  return (await getModel(String(id))) !== null
}
