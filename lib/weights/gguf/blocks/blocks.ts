import type { WriteBlock } from './fields'
import { writeIQ4XS, writeQ2K, writeQ3K, writeQ4K, writeQ5K, writeQ6K } from './large-blocks'
import { writeIQ4NL, writeMXFP4, writeQ40, writeQ41, writeQ50, writeQ51, writeQ80 } from './small-blocks'

/**
 * ggml's block types, in which a block of weights shares a few scales. Layouts: block_* in
 * https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h, values: dequantize_row_* in ggml-quants.c beside it.
 */
const blocks = {
  Q4_0: { weights: 32, bytes: 18, write: writeQ40 },
  Q4_1: { weights: 32, bytes: 20, write: writeQ41 },
  Q5_0: { weights: 32, bytes: 22, write: writeQ50 },
  Q5_1: { weights: 32, bytes: 24, write: writeQ51 },
  Q8_0: { weights: 32, bytes: 34, write: writeQ80 },
  IQ4_NL: { weights: 32, bytes: 18, write: writeIQ4NL },
  MXFP4: { weights: 32, bytes: 17, write: writeMXFP4 },
  Q2_K: { weights: 256, bytes: 84, write: writeQ2K },
  Q3_K: { weights: 256, bytes: 110, write: writeQ3K },
  Q4_K: { weights: 256, bytes: 144, write: writeQ4K },
  Q5_K: { weights: 256, bytes: 176, write: writeQ5K },
  Q6_K: { weights: 256, bytes: 210, write: writeQ6K },
  IQ4_XS: { weights: 256, bytes: 136, write: writeIQ4XS },
} as const satisfies Record<string, { weights: number; bytes: number; write: WriteBlock }>

export type BlockDtype = keyof typeof blocks

export function isBlockDtype(name: string): name is BlockDtype {
  return Object.hasOwn(blocks, name)
}

/** The size of one block, in weights and in bytes. */
export function blockOf(dtype: BlockDtype): { weights: number; bytes: number } {
  return blocks[dtype]
}

/** Writes the values of whole blocks to the beginning of `out`. */
export function dequantise(bytes: Uint8Array, dtype: BlockDtype, out: Float32Array): void {
  const { weights, bytes: blockLength, write } = blocks[dtype]
  const count = Math.floor(bytes.length / blockLength)
  for (let i = 0; i < count; i++) write(bytes, i * blockLength, out, i * weights)
}
