'use client'

import { useQuery } from '@tanstack/react-query'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Account } from '@/components/values/account'
import { useChain } from '@/components/wallet/chain'
import { signerOf } from '@/lib/chain/report-signature'
import { formatSeconds } from '@/lib/format/moments'
import { formatSigned } from '@/lib/format/numbers'
import { formatPercent } from '@/lib/format/odds'
import type { CopyView } from '@/lib/market/read/views'
import { type SignedReport, signedReportSchema } from '@/lib/minting/report'

export function Quality({ copy, report }: { copy: CopyView; report: SignedReport }) {
  if (!signedReportSchema.safeParse(report).success)
    return (
      <Panel title="Quality report">
        <Callout tone="warning">
          This copy has an earlier kind of fingerprint, whose report this version does not show. Order a copy of a new
          version of the model to have one that can be traced.
        </Callout>
      </Panel>
    )
  const { sampled } = report
  const isSample = sampled !== undefined && sampled.keys < report.keys
  return (
    <Panel title="Quality report" note="Measured by the minter on the final files, before delivery.">
      <Facts className="tabular-nums">
        <Fact
          name={
            <>
              Fingerprint{' '}
              <Tip label="How the fingerprint is measured">
                Each of the {report.keys} keys is a prompt at which the model hesitates between two answers. This is the
                share at which the answer wins that this copy’s secret bit selects.
              </Tip>
            </>
          }
        >
          {isSample && 'about '}
          {formatPercent(report.agreement)} of {report.keys} keys
        </Fact>
        {isSample && (
          <Fact
            name={
              <>
                Keys asked{' '}
                <Tip label="How many keys were asked">
                  The share is that of a random sample. The interval holds the share of all keys at a chance of 95 %.
                </Tip>
              </>
            }
          >
            {sampled.keys} at random: of all, {sampled.agreement.map(formatPercent).join(' to ')}
          </Fact>
        )}
        <Fact
          name={
            <>
              Questions until named{' '}
              <Tip label="What this number means">
                How many keys an endpoint with this copy has to be asked until the copy is named among ten thousand, at
                a chance of one in a billion that an innocent copy is.
              </Tip>
            </>
          }
        >
          {report.questions ?? 'more than all keys'}
        </Fact>
        <Fact
          name={
            <>
              After quantization{' '}
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
