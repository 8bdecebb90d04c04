import { add, attend, type Forward, geluTanh, headsOf, layerNorm, linear, range, rowOf, type Weight } from './math'

/** Conv1D stores its matrix as [in, out]: https://github.com/openai/gpt-2/blob/master/src/model.py */
function transposed({ shape: [rows, cols], data }: Weight): Weight {
  return { shape: [cols, rows], data: range(rows * cols).map((i) => data[(i % rows) * cols + Math.floor(i / rows)]) }
}

/** GPT-2: learned positions. “Language Models are Unsupervised Multitask Learners”, section 2.3, and the code above. */
const named =
  (prefix: string): Forward =>
  (config, weights, ids) => {
    const epsilon = config.layer_norm_epsilon
    const size = config.n_embd / config.n_head
    const embedding = weights(`${prefix}wte.weight`)
    let xs = ids.map((id, i) => add(rowOf(embedding, id), rowOf(weights(`${prefix}wpe.weight`), i)))
    const zs: number[][][] = []
    for (const layer of range(config.n_layer)) {
      const w = (part: string, kind = 'weight') => weights(`${prefix}h.${layer}.${part}.${kind}`)
      const norm = (x: number[], part: string) => layerNorm(x, w(part), w(part, 'bias'), epsilon)
      const map = (part: string) => {
        const matrix = transposed(w(part))
        return (x: number[]) => linear(matrix, x, w(part, 'bias'))
      }
      const [attention, joined, into, outOf] = ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'].map(map)
      const all = xs.map((x) => headsOf(attention(norm(x, 'ln_1')), size))
      const third = (which: number) => all.map((row) => row.slice(which * config.n_head, (which + 1) * config.n_head))
      const mixed = attend(third(0), third(1), third(2), { scale: size ** -0.5 })
      xs = xs.map((x, i) => add(x, joined(mixed[i])))
      const z = xs.map((x) => into(norm(x, 'ln_2')).map(geluTanh))
      zs.push(z)
      xs = xs.map((x, i) => add(x, outOf(z[i])))
    }
    const [gain, shift] = ['weight', 'bias'].map((kind) => weights(`${prefix}ln_f.${kind}`))
    const head = config.tie_word_embeddings === false ? weights('lm_head.weight') : embedding
    const logits = xs.map((x) => linear(head, layerNorm(x, gain, shift, epsilon)))
    return { logits, residuals: xs, zs }
  }

export const gpt2 = named('transformer.')
/** The first releases were saved from the model without its head, and their names have no prefix. */
export const bareGpt2 = named('')
