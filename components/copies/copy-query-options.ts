import { readJson } from '@/lib/browser/http'
import type { CopyView } from '@/lib/market/read/views'
import { type CopyJson, parseCopy } from './parse-copy'

const isFinal = (copy?: CopyView) => copy?.collateral === 0n && ['closed', 'refunded'].includes(copy.state)

/** One copy, fetched again every second while it is minted, then every 5 seconds until its state is final. */
export function copyQueryOptions(id: string, initialData?: CopyView) {
  return {
    queryKey: ['copy', id],
    queryFn: async () => parseCopy(await readJson<CopyJson>(`/api/copies/${id}`)),
    initialData,
    refetchInterval: ({ state }: { state: { data?: CopyView } }) =>
      state.data?.state === 'ordered' ? 1_000 : isFinal(state.data) ? (false as const) : 5_000,
  }
}
