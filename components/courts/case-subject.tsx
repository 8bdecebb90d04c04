import { Link } from '@/components/ui/link'
import type { CaseSummary } from '@/lib/market/read/views'

/** The copy or model that a case is about. */
export function CaseSubject({ subject }: { subject: CaseSummary['subject'] }) {
  const [path, text] =
    'copy' in subject
      ? [`/copies/${subject.copy}`, `copy ${subject.copy}`]
      : [`/models/${subject.model}`, `model ${subject.model}`]
  return (
    <Link href={path} className="underline-offset-4 hover:underline">
      {text}
    </Link>
  )
}
