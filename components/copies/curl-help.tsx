'use client'

import { useEffect, useState } from 'react'
import { CopyText } from '@/components/ui/copy-text'
import type { CopyView } from '@/lib/market/read/views'
import { fileUrl } from './download-file'

/** Commands that download the same files with curl; the session cookie signs in. */
export function CurlHelp({ copy }: { copy: CopyView }) {
  const [origin, setOrigin] = useState('')
  useEffect(() => setOrigin(window.location.origin), [])
  const cookie = origin.startsWith('https:') ? '__Host-kinmark' : 'kinmark'
  const commands = copy.files.map(
    ({ path }) =>
      `curl -fC - --create-dirs -b "${cookie}=$KINMARK_SESSION" -o ${path} ${origin}${fileUrl(copy.id, path)}`,
  )
  const check = copy.files.map(({ path, sha256 }) => `${sha256}  ${path}`).join('\n')
  const script = [...commands, `sha256sum -c <<'EOF'\n${check}\nEOF`].join('\n')
  return (
    <details className="text-sm">
      <summary className="text-muted hover:text-text">Download with curl</summary>
      <p className="mt-2 text-muted">
        Set KINMARK_SESSION to the value of this site’s cookie “{cookie}” first. An interrupted download resumes.{' '}
        <CopyText value={script} shown="" label="the commands" />
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre tabIndex={0} className="mt-2 max-h-56 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs">
        {script}
      </pre>
    </details>
  )
}
