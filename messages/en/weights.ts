import type { SniffedFormat, UnsupportedKind, WeightsErrors } from '../../lib/errors/weights'
import type { Messages } from '../messages'

/** Sentences for faults of a model's files. */
const unwritten = (family: string) => ({
  family: `only Llama’s family is written, and this is ${quoted(family)}. llama.cpp’s convert_hf_to_gguf.py writes others`,
  positions: 'its rotary positions are scaled, which is not written yet',
  biases: 'its matrices have biases, which Llama’s files do not have',
  tokenizer: 'its tokenizer splits texts in no way that has a name in GGUF, or has no tokenizer.json of byte-level BPE',
})

export const weights: Messages<WeightsErrors> = {
  'weights.file-name-invalid': ({ path, limit }) =>
    `${quoted(path)} cannot be used as a file name: use letters, digits, “.”, “_”, “-” and “/” only, at most ${limit} characters, and no “..”.`,
  'weights.file-twice': ({ path }) => `${quoted(path)} is listed twice.`,
  'weights.file-missing': ({ path }) => `${quoted(path)} is not among the model’s files.`,
  'weights.file-empty': ({ path }) => `${quoted(path)} is empty: 0 bytes.`,
  'weights.file-changed': ({ path }) =>
    `${path === null ? 'A file' : quoted(path)} cannot be read any more: it was changed or moved after it was chosen. Choose it again.`,
  'weights.wrong-format': ({ path, format }) => `${quoted(path)} is ${formats[format]}`,
  'weights.chat-template-missing': () =>
    'The model has no chat template, by which answers in a chat are read. Give answers of /completions, with their prompt as text.',
  'weights.config-missing': ({ path }) =>
    `${quoted(path)} is missing. A model is a Hugging Face folder with this file at its top.`,
  'weights.no-weights': () =>
    'The folder has no weights: a file “model.safetensors” is expected next to “config.json”.',
  'weights.leave-out': ({ paths }) =>
    `These files are not part of the model; leave them out: ${paths.map(short).slice(0, 10).join(', ')}${paths.length > 10 ? ` and ${paths.length - 10} more` : ''}.`,
  'weights.adapter': ({ path, base }) =>
    `${quoted(path)} makes this folder an adapter of ${base === null ? 'another model' : quoted(base)}. Merge it with that model first: “kinmark merge”, or choose the folder of that model beside it.`,
  'weights.adapter-unsupported': ({ method }) =>
    `The adapter’s method is ${short(method)}; only LoRA can be merged here. Merge it with PEFT and choose the result.`,
  'weights.adapter-target-unknown': ({ tensor, path }) =>
    `${inFile(tensor, path)} belongs to no tensor of the base: the adapter was trained on another model.`,
  'weights.quantised': ({ path, method }) =>
    `The weights are quantised with ${short(method)} (${quoted(path)}), which cannot be run or fingerprinted. Choose the original release in 16 or 32 bits.`,
  'weights.several-gguf-files': ({ paths }) =>
    `The folder has ${paths.length} GGUF files; one file that holds the whole model, or the parts of one, is expected.`,
  'weights.gguf-not-publishable': ({ path }) =>
    `${quoted(path)} is a GGUF file. It can be verified, but only the safetensors that it was converted from can be published.`,

  'weights.text-too-long': ({ path, byteLength, limit }) =>
    `${quoted(path)} has ${byteLength} bytes; at most ${limit} are read.`,
  'weights.not-utf8': ({ path }) => `${quoted(path)} is not UTF-8 text.`,
  'weights.not-json': ({ path }) => `${quoted(path)} is not JSON.`,
  'weights.card-too-long': ({ length, limit }) =>
    `“README.md” has ${length} characters; a model card may have at most ${limit}.`,
  'weights.front-matter-too-long': ({ length, limit }) =>
    `The front matter of “README.md” has ${length} characters; at most ${limit} are read.`,
  'weights.front-matter-not-yaml': ({ line }) =>
    `The front matter of “README.md” is not plain YAML without aliases${line === null ? '' : `: see line ${line}`}.`,
  'weights.front-matter-invalid': ({ field, reason, line }) =>
    field === null
      ? `The front matter of “README.md” cannot be used: ${reason}.`
      : `The field ${quoted(field)} in the front matter of “README.md”${line === null ? '' : `, line ${line},`} cannot be used: ${reason}.`,
  'weights.card-not-utf8': ({ line }) => `“README.md” is not UTF-8 text: see line ${line}. Save it as UTF-8.`,
  'weights.tokenizer-invalid': ({ path }) => `${quoted(path)} cannot be read as a Hugging Face tokenizer.`,
  'weights.tokenizer-config-invalid': ({ path }) => `${quoted(path)} is not JSON with a usable chat_template.`,
  'weights.end-tokens-invalid': ({ path }) =>
    `${quoted(path)} has no usable eos_token_id: a token or a list of tokens is expected.`,
  'weights.chat-template-too-long': ({ length, limit }) =>
    `The chat template has ${length} characters; at most ${limit} are read.`,
  'weights.chat-template-invalid': ({ reason }) => `The chat template is not Jinja that can be read: ${reason}`,
  'weights.chat-template-failed': ({ reason }) => `The model’s chat template rejects this conversation: ${reason}`,

  'weights.model-type-missing': ({ source }) => `The model_type is missing in ${config(source)}.`,
  'weights.family-unsupported': ({ source, modelType, architecture, supported }) =>
    `The model_type in ${config(source)} is ${quoted(modelType)} (${short(architecture ?? 'no architecture')}). Supported are causal language models of the types ${supported.join(', ')}.`,
  'weights.kind-unsupported': ({ source, modelType, kind }) =>
    `The model_type in ${config(source)} is ${quoted(modelType)}: ${unsupportedKinds[kind]}`,
  'weights.setting-unsupported': ({ source, setting, value }) =>
    `The setting ${short(setting)} in ${config(source)} is ${short(value)}, which is not supported yet.`,
  'weights.setting-invalid': ({ source, setting, reason }) =>
    `The setting ${short(setting)} in ${config(source)} cannot be used: ${reason}.`,
  'weights.setting-not-multiple': ({ source, setting, value, of, divisor }) =>
    `The setting ${setting} in ${config(source)} is ${value}, which is not a multiple of ${of}, ${divisor}.`,
  'weights.setting-wrong-length': ({ source, setting, length, expected }) =>
    `The length of ${setting} in ${config(source)} is ${length}; ${expected} is expected.`,
  'weights.bos-outside-vocabulary': ({ source, token, vocab }) =>
    `The setting bos_token_id in ${config(source)} is ${token}; the vocabulary has ${vocab} tokens, counted from 0.`,
  'weights.rotary-dimensions-odd': ({ source, dimensions, headDim }) =>
    `Rotary positions in ${config(source)} cover ${dimensions} of head_dim ${headDim}; the number must be even and at least 2.`,
  'weights.cannot-export': ({ family }) =>
    `Models of the family ${quoted(family)} can be run here, but not exported: transformers.js keeps keys and values of every layer and nothing else.`,
  'weights.cannot-write-gguf': ({ family, why }) =>
    `No GGUF file can be written of this model: ${unwritten(family)[why]}.`,
  'weights.cannot-fingerprint': ({ family, supported }) =>
    `Models of the family ${quoted(family)} can be run and verified, but not fingerprinted yet. Families that can be fingerprinted: ${supported.join(', ')}.`,

  'weights.header-too-long': ({ path, length, limit }) =>
    length === null
      ? `The header of ${quoted(path)} is longer than the ${limit} bytes that are read.`
      : `The header of ${quoted(path)} is announced with ${length} bytes; at most ${limit} are read.`,
  'weights.header-past-end': ({ path, length, available }) =>
    `The header of ${quoted(path)} is announced with ${length} bytes, but only ${available} follow: the file is cut short or is not safetensors.`,
  'weights.header-cut-short': ({ path, byteLength }) =>
    `${quoted(path)} ends at byte ${byteLength}, in the middle of its header: the file is cut short.`,
  'weights.header-not-utf8': ({ path }) => `The header of ${quoted(path)} is not UTF-8 text.`,
  'weights.header-not-json': ({ path }) => `The header of ${quoted(path)} is not JSON.`,
  'weights.header-not-object': ({ path }) => `The header of ${quoted(path)} is not a JSON object.`,
  'weights.header-too-deep': ({ path, limit }) =>
    `The header of ${quoted(path)} nests deeper than the ${limit} levels of a tensor’s description.`,
  'weights.header-name-invalid': ({ path, limit }) =>
    `The header of ${quoted(path)} has a name that is empty or longer than ${limit} bytes.`,
  'weights.listed-twice': ({ path, name }) => `The header of ${quoted(path)} lists ${quoted(name)} twice.`,
  'weights.too-many-tensors': ({ path, count, limit }) =>
    `The header of ${quoted(path)} lists ${count} tensors; at most ${limit} are read.`,
  'weights.too-many-values': ({ path, count, limit }) =>
    `The header of ${quoted(path)} lists ${count} values; at most ${limit} are read.`,
  'weights.safetensors-too-short': ({ path, byteLength, minimum }) =>
    `${quoted(path)} has ${byteLength} bytes; a safetensors file has at least ${minimum}, so the file is cut short.`,
  'weights.not-safetensors': ({ path }) =>
    `The header of ${quoted(path)} does not begin with “{”: the file is not safetensors.`,
  'weights.metadata-not-object': ({ path }) => `The metadata of ${quoted(path)} is not a JSON object.`,
  'weights.metadata-field-not-json': ({ path, field }) =>
    `The field ${quoted(field)} in the metadata of ${quoted(path)} is not JSON.`,
  'weights.index-invalid': ({ path }) => `${quoted(path)} has no usable weight_map.`,
  'weights.index-mismatch': ({ path, tensor, listed, actual }) =>
    `${quoted(path)} lists ${quoted(tensor)} in ${quoted(listed)}, but it is ${actual === null ? 'in none of the files' : `in ${quoted(actual)}`}.`,

  'weights.not-gguf': ({ path }) => `${quoted(path)} does not begin with “GGUF”: it is not a GGUF file.`,
  'weights.gguf-version-unsupported': ({ path, version, supported }) =>
    `${quoted(path)} is GGUF of version ${version}; versions ${supported.join(', ')} can be read.`,
  'weights.gguf-big-endian': ({ path }) =>
    `${quoted(path)} is GGUF for big-endian machines. Convert it with llama.cpp’s gguf_convert_endian.py first.`,
  'weights.gguf-part-missing': ({ path, count }) =>
    `${quoted(path)} is missing: the model is split into ${count} GGUF files, and all of them are needed.`,
  'weights.gguf-parts-mismatch': ({ path, expected, found }) =>
    `${quoted(path)} says that it is part ${found}, but its name says part ${expected}.`,
  'weights.gguf-tokenizer-unsupported': ({ path, model, supported }) =>
    `${quoted(path)} has a tokenizer of the kind ${quoted(model)}; these kinds can be read: ${supported.join(', ')}.`,
  'weights.gguf-tokenizer-invalid': ({ path, field }) =>
    `The tokenizer inside ${quoted(path)} cannot be read: its ${quoted(field)} is missing or is not a list of the right kind.`,
  'weights.gguf-pre-tokenizer-unknown': ({ path, name }) =>
    `${quoted(path)} splits text by the rules ${quoted(name)}, which are not known here. Put the model’s tokenizer.json beside it.`,
  'weights.gguf-alignment-invalid': ({ path, alignment, limit }) =>
    `The setting general.alignment of ${quoted(path)} is ${short(alignment)}; a whole number from 1 to ${limit} is expected.`,
  'weights.gguf-count-too-large': ({ path, count }) =>
    `The header of ${quoted(path)} has the count ${count}, which is more than any file can hold.`,
  'weights.gguf-value-type-unknown': ({ path, type }) =>
    `The header of ${quoted(path)} has a value of type ${type}, which GGUF does not define here.`,
  'weights.gguf-architecture-unsupported': ({ path, architecture, supported }) =>
    `${quoted(path)} has the architecture ${quoted(architecture)}. GGUF files of these architectures can be read: ${supported.join(', ')}.`,
  'weights.mixture-of-experts': ({ path }) =>
    `${quoted(path)} is a mixture of experts of a kind that is not supported yet.`,
  'weights.rope-factors-too-long': ({ tensor, path, byteLength, limit }) =>
    `${inFile(tensor, path)} has ${byteLength} bytes of rotary factors; at most ${limit} are read.`,
  'weights.rope-factor-unexpected': ({ tensor, path, index, found, expected }) =>
    `${inFile(tensor, path)} has the factor ${found} at index ${index}; Llama 3’s rotary scaling gives ${expected}.`,

  'weights.tensor-unknown': ({ tensor }) => `The model has no tensor ${quoted(tensor)}.`,
  'weights.tensor-missing': ({ tensor, source, shape }) =>
    `Tensor ${quoted(tensor)} is missing; ${config(source)} calls for it with shape ${shapeText(shape)}.`,
  'weights.tensor-unexpected': ({ tensor, path, source }) =>
    `${inFile(tensor, path)} does not belong to the model that ${config(source)} describes.`,
  'weights.tensor-twice': ({ tensor, paths: [first, second] }) =>
    `Tensor ${quoted(tensor)} is in both ${quoted(first)} and ${quoted(second)}.`,
  'weights.tensor-not-described': ({ tensor, path }) => `${inFile(tensor, path)} has no description.`,
  'weights.tensor-type-unknown': ({ tensor, path, type }) =>
    `${inFile(tensor, path)} has the unknown type ${quoted(type)}.`,
  'weights.tensor-type-unsupported': ({ tensor, path, type, supported }) =>
    `${inFile(tensor, path)} is of type ${short(type)}; ${supported.join(', ')} can be read.${type.startsWith('F8') ? ' Choose the release that is not in fp8.' : ''}`,
  'weights.tensor-too-large': ({ tensor, path, shape, byteLength }) =>
    `${inFile(tensor, path)} has shape ${shapeText(shape)}, which is ${byteLength} bytes: more than any file can hold.`,
  'weights.shape-invalid': ({ tensor, path, limit }) =>
    `${inFile(tensor, path)} has no usable shape: at most ${limit} whole numbers from 0 are expected.`,
  'weights.shape-mismatch': ({ tensor, path, source, shape, expected }) =>
    `${inFile(tensor, path)} has shape ${shapeText(shape)}, but ${config(source)} calls for ${shapeText(expected)}.`,
  'weights.too-many-dimensions': ({ tensor, path, dimensions, limit }) =>
    `${inFile(tensor, path)} has ${dimensions} dimensions; at most ${limit} are allowed.`,
  'weights.row-not-whole-blocks': ({ tensor, path, row, type, block }) =>
    `${inFile(tensor, path)} has rows of ${row} weights, which is not a multiple of the ${block} weights of one ${type} block.`,
  'weights.offsets-invalid': ({ tensor, path }) =>
    `${inFile(tensor, path)} has no usable data_offsets: two whole numbers from 0 are expected.`,
  'weights.offsets-mismatch': ({ tensor, path, shape, type, byteLength, begin, end }) =>
    `${inFile(tensor, path)} has shape ${shapeText(shape)} of ${type}, which is ${byteLength} bytes, but its data_offsets [${begin}, ${end}] hold ${end - begin}.`,
  'weights.tensor-cut-short': ({ tensor, path, end, fileLength }) =>
    `${inFile(tensor, path)} ends at byte ${end}, but the file has ${fileLength} bytes: it is cut short.`,
  'weights.tensors-not-contiguous': ({ tensor, path, begin, expected }) =>
    `${inFile(tensor, path)} begins at byte ${begin}, but the data before it ends at byte ${expected}: tensors must ${begin < expected ? 'not overlap' : 'leave no gap'}.`,
  'weights.trailing-bytes': ({ path, fileLength, end }) =>
    `${quoted(path)} has ${fileLength} bytes, but its tensors end at byte ${end}.`,

  'weights.edit-wrong-length': ({ tensor, length, expected }) =>
    `The edit of ${quoted(tensor)} has ${length} bytes; the base has ${expected} there.`,
  'weights.edit-missing': ({ tensor }) => `The edit of ${quoted(tensor)} is missing.`,
  'weights.not-delta': ({ path }) => `${quoted(path)} is not a delta: its metadata has no “kinmark_delta”.`,
  'weights.delta-format-unsupported': ({ path, format, supported }) =>
    `${quoted(path)} is a delta of format ${short(format)}; this version of Kinmark reads format ${supported}.`,
  'weights.delta-base-invalid': ({ path }) => `The metadata of ${quoted(path)} does not name the base’s files.`,
  'weights.hash-mismatch': ({ tensor, path, found, expected }) =>
    `${inFile(tensor, path)} has SHA-256 ${found.slice(0, 12)}…, but the metadata has ${expected === null ? 'none for it' : `${expected.slice(0, 12)}…`}: the file is damaged.`,
}

const unsupportedKinds: Record<UnsupportedKind, string> = {
  experts:
    'a mixture of experts. Running it would need routing of each token to its experts, which is not built; only dense models run.',
  images:
    'a model that reads images. Running it would need its image encoder, which is not built; only models of text run.',
  sound:
    'a model that reads or makes sound. Running it would need its sound encoder or decoder, which is not built; only models of text run.',
  translation:
    'an encoder with a decoder. Running it would need attention from one to the other, which is not built; only decoders run.',
  encoder:
    'an encoder, which makes no text. Fingerprints are read from the next token, so a model that predicts none cannot have one.',
  recurrent:
    'a recurrent model. Running it would need its scan, which is built only for the families that mix it with attention.',
  diffusion:
    'a diffusion model. Fingerprints are read from the next token, which a model that fills in all tokens or pixels at once does not predict.',
}

const formats: Record<SniffedFormat, string> = {
  pickle: 'a pickle, which can run code when it is opened. Export the weights as safetensors and remove it.',
  gguf: 'a GGUF file. Export the weights as safetensors.',
  hdf5: 'an HDF5 file. Export the weights as safetensors.',
  gzip: 'a gzip archive. Export the weights as safetensors.',
  'web-page': 'a web page and not the file itself. Download the file again, signed in if the model asks for it.',
  'error-message':
    'an error message and not the file itself. Download the file again, signed in if the model asks for it.',
  'lfs-pointer': 'a Git LFS pointer and not the file itself. Download the file with “git lfs pull”.',
}

/** The file that a config comes from, as it reads inside a sentence. */
function config(source: string): string {
  return source.endsWith('.gguf') ? `the metadata of ${quoted(source)}` : quoted(source)
}

function inFile(tensor: string, path: string): string {
  return `Tensor ${quoted(tensor)} in ${quoted(path)}`
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

/** Names come from files that may be hostile, so they may be of any length. */
function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function quoted(text: string): string {
  return `“${short(text)}”`
}
