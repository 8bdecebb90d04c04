import { CopyText } from '@/components/ui/copy-text'
import { shortAddress } from '@/lib/format/addresses'

/** An address, shortened, with a button that copies it. */
export function Account({ address, label = 'address' }: { address: string; label?: string }) {
  return <CopyText value={address} shown={shortAddress(address)} label={label} />
}
