import type { UnsupportedKind } from '../../errors/weights'

/** Families that are known and do not run, by what they would need. */
const kinds: Readonly<Record<UnsupportedKind, readonly string[]>> = {
  experts: [
    ...['mixtral', 'phimoe', 'olmoe', 'flex_olmo', 'dbrx', 'jetmoe', 'minimax', 'minimax_m2', 'minimax_m3'],
    ...['qwen2_moe', 'qwen3_next', 'qwen3_vl_moe', 'qwen3_5_moe', 'qwen3_5_moe_text', 'qwen3_omni_moe'],
    ...['llama4', 'llama4_text', 'deepseek_v2', 'deepseek_v3', 'deepseek_v32', 'deepseek_v4', 'kimi_k2'],
    ...['glm4_moe', 'glm4_moe_lite', 'glm4v_moe', 'glm_moe_dsa', 'ernie4_5_moe', 'ernie4_5_vl_moe', 'exaone_moe'],
    ...['granitemoe', 'granitemoeshared', 'hunyuan_v1_moe', 'lfm2_moe', 'dots1', 'bailing_moe', 'bailing_moe_v2'],
    ...['afmoe', 'longcat_flash', 'mimo_v2', 'step3', 'solar_open', 'grok-1', 'arctic', 'jamba', 'nemotron_h'],
  ],
  images: [
    ...['llava', 'llava_next', 'llava_onevision', 'mllama', 'paligemma', 'idefics2', 'idefics3', 'smolvlm', 'internvl'],
    ...['qwen2_vl', 'qwen2_5_vl', 'qwen3_vl', 'glm4v', 'pixtral', 'florence2', 'kosmos-2', 'blip-2', 'aya_vision'],
    ...['phi3_v', 'phi4_multimodal', 'gemma3n', 'minicpmv', 'deepseek_vl', 'deepseek_vl_v2', 'janus', 'ovis2', 'clip'],
    ...['siglip', 'siglip2', 'vit', 'dinov2', 'cohere2_vision', 'got_ocr2', 'paddleocr_vl', 'deepseek_ocr'],
  ],
  sound: [
    ...['whisper', 'wav2vec2', 'hubert', 'bark', 'musicgen', 'speecht5', 'moonshine', 'parakeet_ctc', 'voxtral', 'csm'],
    ...['qwen2_audio', 'qwen2_5_omni', 'qwen3_omni', 'qwen3_asr', 'granite_speech', 'seamless_m4t', 'vits', 'dia'],
  ],
  translation: ['t5', 'mt5', 'umt5', 'bart', 'mbart', 'pegasus', 'marian', 'm2m_100', 't5gemma', 'led', 'blenderbot'],
  encoder: [
    ...['bert', 'roberta', 'xlm-roberta', 'distilbert', 'albert', 'electra', 'deberta', 'deberta-v2', 'modernbert'],
    ...['mpnet', 'nomic_bert', 'eurobert', 'neobert', 'camembert', 'new', 'bge_m3', 'gte'],
  ],
  recurrent: [
    'mamba',
    'mamba2',
    'falcon_mamba',
    'rwkv',
    'rwkv7',
    'recurrent_gemma',
    'xlstm',
    'zamba',
    'zamba2',
    'bamba',
  ],
  diffusion: ['llada', 'dream', 'sdar', 'stable_diffusion', 'flux'],
}

/** Settings whose value above one makes a mixture of experts. */
const expertCounts = ['num_experts', 'num_local_experts', 'n_routed_experts', 'moe_num_experts']

/**
 * The kind of a model that does not run; null if its kind is no obstacle. Settings decide where the name does not. A
 * family that `runs` may still be published with experts, which its row has or has not.
 */
export function kindOf(
  modelType: string,
  settings: Record<string, unknown>,
  { runs, hasExperts }: { runs: boolean; hasExperts: boolean },
): UnsupportedKind | null {
  if (settings._diffusers_version || settings._class_name) return 'diffusion'
  const stated = expertCounts.some((key) => Number(settings[key] ?? 0) > 1) || settings.enable_moe_block === true
  if (stated && !hasExperts) return 'experts'
  if (runs) return null
  const named = Object.entries(kinds).find(([, types]) => types.includes(modelType))
  if (named) return named[0] as UnsupportedKind
  if (settings.vision_config) return 'images'
  if (settings.audio_config) return 'sound'
  return settings.is_encoder_decoder === true ? 'translation' : null
}
