import type { z } from 'zod'
import { address, hex } from '../chain/schemas'
import { qualityReport } from '../fingerprint/quality/quality-report'

/** A quality report as its minter signed it; see lib/chain/report-signature.ts. */
export const signedReportSchema = qualityReport.extend({ signer: address, signature: hex })
export type SignedReport = z.infer<typeof signedReportSchema>
