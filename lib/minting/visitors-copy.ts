import { type CopyId, visitorsCopyId } from '../chain/ids'

/** The copy that visitors load instead of the original weights. Its bits are secret because the version's secret is. */
export const visitorsCopy: { copyId: CopyId; buyerSeed: Uint8Array } = {
  copyId: visitorsCopyId,
  buyerSeed: new Uint8Array(32),
}
