import type { Tensor } from 'onnxruntime-node'
import type { Tap } from '../onnx/tap'
import { turnsAt } from '../onnx/turns'
import type { ModelConfig } from '../weights/config'
import type { Engine } from './engine'
import type { Matrix, TokenBatch } from './runtime'

export type Feeds = Record<string, Tensor>

/** The graph's inputs for rows of tokens, of which `past` more came before. */
export function positionFeeds(
  { Tensor }: Pick<Engine, 'Tensor'>,
  { ropes }: Pick<ModelConfig, 'ropes'>,
  { ids, rows, length }: TokenBatch,
  past: number,
): Feeds {
  const positions = Array.from({ length }, (_, i) => past + i)
  const turns = Object.entries(ropes ?? {}).flatMap(([kind, rope]) => {
    const { cos, sin } = turnsAt(rope, positions, past + length)
    const shape = [length, rope.dim / 2]
    return [
      [`${kind}.cos`, new Tensor('float32', cos, shape)],
      [`${kind}.sin`, new Tensor('float32', sin, shape)],
    ]
  })
  return {
    ...Object.fromEntries(turns),
    ids: new Tensor('int32', ids, [rows, length]),
    lengths: new Tensor('int32', new Int32Array(rows).fill(past + length - 1), [rows]),
    total: new Tensor('int32', Int32Array.of(past + length), []),
  }
}

export function outputMatrix(outputs: Readonly<Record<string, Tensor>>, tap: Tap, rows: number): Matrix {
  const data = outputs[tap].data as Float32Array
  return tap === 'nll'
    ? { data, rows, cols: data.length / rows }
    : { data, rows: outputs[tap].dims[0], cols: outputs[tap].dims[1] }
}
