import { openTokenizer } from '../lib/weights/text/tokenizer'
import { gguf, inF32, llamaGguf } from '../test/fixtures/gguf'
import { bothProbabilities, worstDifference } from '../test/fixtures/gguf-against-llama-cpp'
import type { GgufType } from '../test/fixtures/gguf-blocks'
import { familyGguf, ggufRecipes } from '../test/fixtures/gguf-families'
import { demoFiles } from '../test/fixtures/model-folder'

/**
 * Probabilities of the next token against llama.cpp on the same GGUF file, at every position of a sentence: `npm run
 * bench:gguf`. Llama.cpp rounds the activations that quantised weights are multiplied by to 8 bits. How far that alone
 * takes it is the difference of its own probabilities when the same weights are given in single precision.
 */

const types: GgufType[] = [
  ...(['F32', 'F16', 'Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'IQ4_NL', 'MXFP4'] as const),
  ...(['Q2_K', 'Q3_K', 'Q4_K', 'Q5_K', 'Q6_K', 'IQ4_XS'] as const),
]
const tokenizer = await openTokenizer(demoFiles('quill'))
const ids = [...(tokenizer?.encode('The cat sat on the mat and said hello to the small dog.') ?? [])]

line('type', 'ours – llama.cpp', 'ours – llama.cpp with the same weights in F32', 'llama.cpp – itself in F32')
line(...Array(4).fill('---'))
for (const type of types) {
  const { metadata, tensors } = await llamaGguf(demoFiles('quill'), () => type)
  const same = await bothProbabilities(gguf('model.gguf', metadata, tensors), ids)
  const wide = await bothProbabilities(gguf('model.gguf', metadata, tensors.map(inF32)), ids)
  const differences = [
    worstDifference(same.ours, same.theirs),
    worstDifference(same.ours, wide.theirs),
    worstDifference(same.theirs, wide.theirs),
  ]
  line(type, ...differences.map((x) => x.toExponential(1)))
}

console.log()
line('family', 'architecture', 'ours – llama.cpp')
line(...Array(3).fill('---'))
for (const recipe of ggufRecipes) {
  const { file } = await familyGguf(...recipe)
  const { ours, theirs } = await bothProbabilities(file, [3, 14, 15, 92, 65, 35, 89, 79])
  line(recipe[0], recipe[1], worstDifference(ours, theirs).toExponential(1))
}

function line(...cells: (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}
