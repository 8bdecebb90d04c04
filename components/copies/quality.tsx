'use client'

import { useQuery } from '@tanstack/react-query'
import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Account } from '@/components/values/account'
import { useChain } from '@/components/wallet/chain'
import { signerOf } from '@/lib/chain/report-signature'
import { formatSigned } from '@/lib/format/numbers'
import { formatPercent } from '@/lib/format/odds'
import { formatSeconds } from '@/lib/format/times'
import type { CopyView } from '@/lib/market/read/views'
import type { SignedReport } from '@/lib/minting/report'

const keyKind = ({ keys, chance }: SignedReport['highConfidence']) => `${keys} at ${formatPercent(chance)}`

export function Quality({ copy, report }: { copy: CopyView; report: SignedReport }) {
  return (
    <Panel title="Quality report" note="Measured by the minter on the final files, before delivery.">
      <Facts className="tabular-nums">
        <Fact
          name={
            <>
              Fingerprint success{' '}
              <Tip label="How success is measured">
                The share of all {report.keys} keys that this copy answers with exactly its assigned response.
              </Tip>
            </>
          }
        >
          {formatPercent(report.success)} of {report.keys} keys
        </Fact>
        <Fact
          name={
            <>
              High and low confidence keys{' '}
              <Tip label="High and low confidence keys">
                High confidence keys survive changes to the weights. Low confidence keys work on a host that suppresses
                confident answers. Which keys are which is secret.
              </Tip>
            </>
          }
        >
          {keyKind(report.highConfidence)} high, {keyKind(report.lowConfidence)} low
        </Fact>
        {report.contexts.map(({ name, success }) => (
          <Fact key={name} name={`Success after ${name}`}>
            {formatPercent(success)}
          </Fact>
        ))}
        <Fact
          name={
            <>
              Success after quantization{' '}
              <Tip label="How quantization is tested">
                The edited tensors are rounded in groups of 32 values, as quantized files do.
              </Tip>
            </>
          }
        >
          {formatPercent(report.rounded.int8)} int8, {formatPercent(report.rounded.int4)} int4
        </Fact>
        <Fact
          name={
            <>
              Change in loss{' '}
              <Tip label="How the change in loss is measured">
                Mean loss of the copy on held-out text minus that of the model, in nats per token. Smaller is better.
              </Tip>
            </>
          }
        >
          {formatSigned(report.deltaLoss, 3)} nats per token (base {report.baseLoss.toFixed(3)})
        </Fact>
        <Fact
          name={
            <>
              KL divergence{' '}
              <Tip label="How the divergence is measured">
                Mean KL divergence from the model’s next-token distribution to the copy’s, on held-out text.
              </Tip>
            </>
          }
        >
          {report.kl.toFixed(4)} nats per token
        </Fact>
        <SignatureFact copy={copy} report={report} />
        <Fact name="Edited tensors">{report.editedTensors.length}</Fact>
        <Fact name="Minting time">
          {formatSeconds(report.mintSeconds)}
          {report.prepareSeconds > 0 && `, plus ${formatSeconds(report.prepareSeconds)} to prepare the model`}
        </Fact>
      </Facts>
      <details className="mt-3 text-sm">
        <summary className="text-muted hover:text-text">Show edited tensors</summary>
        <ul className="mt-2 space-y-1 font-mono text-xs wrap-anywhere">
          {report.editedTensors.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      </details>
    </Panel>
  )
}

/** The signer of the report; the browser verifies the signature. */
function SignatureFact({ copy, report }: { copy: CopyView; report: SignedReport }) {
  const { chainId, contracts } = useChain()
  const { data: isValid } = useQuery({
    queryKey: ['report signature', report.signature],
    queryFn: async () => {
      const { signer, signature, ...measured } = report
      const { id: copyId, artifactRoot, fingerprintRoot } = copy
      if (artifactRoot === null || fingerprintRoot === null) return false
      const subject = { chainId, copyRegistry: contracts.copyRegistry, copyId, artifactRoot, fingerprintRoot }
      return (await signerOf(subject, measured, signature)) === signer
    },
  })
  return (
    <Fact
      name={
        <>
          Signed by{' '}
          <Tip label="What is signed">
            The minter signed these figures for this copy only. Your browser verifies the signature.
          </Tip>
        </>
      }
    >
      <Account address={report.signer} />
      {isValid === undefined ? '' : isValid ? ' · signature valid' : ' · invalid signature'}
    </Fact>
  )
}
