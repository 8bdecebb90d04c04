import { CopyText } from '@/components/ui/copy-text'
import { shortHash } from '@/lib/format/hashes'

/** A hash, shortened, with a button that copies it. */
export function Hash({ value, label, className }: { value: string; label: string; className?: string }) {
  return <CopyText value={value} shown={shortHash(value)} label={label} className={className} />
}
