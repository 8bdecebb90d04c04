import { describe, expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { named } from '../../../test/fixtures/model-folder'
import { type Message, openChatTemplate } from './chat-template'

const withConfig = (config: object) => openChatTemplate([named('tokenizer_config.json', JSON.stringify(config))])

const talk: Message[] = [
  { role: 'user', content: 'Hello 👋🏽,   你好\n\n  world ' },
  { role: 'assistant', content: '嗨！ 🎉' },
  { role: 'user', content: '  two  spaces\tand a tab' },
]

/** Templates as published with the models, and the output of Hugging Face's apply_chat_template for `talk`. */
describe('behavior: golden strings', () => {
  test('ChatML (SmolLM2, Qwen 2.5), with a default system message', async () => {
    const template = await withConfig({
      eos_token: '<|im_end|>',
      chat_template:
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    })
    expect(template?.(talk)).toBe(
      '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' +
        '<|im_start|>user\nHello 👋🏽,   你好\n\n  world <|im_end|>\n' +
        '<|im_start|>assistant\n嗨！ 🎉<|im_end|>\n' +
        '<|im_start|>user\n  two  spaces\tand a tab<|im_end|>\n' +
        '<|im_start|>assistant\n',
    )
  })

  test('Llama 3: trimmed contents, tokens given as objects', async () => {
    const template = await withConfig({
      bos_token: { content: '<|begin_of_text|>', lstrip: false },
      chat_template:
        "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    })
    expect(template?.(talk)).toBe(
      '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHello 👋🏽,   你好\n\n  world<|eot_id|>' +
        '<|start_header_id|>assistant<|end_header_id|>\n\n嗨！ 🎉<|eot_id|>' +
        '<|start_header_id|>user<|end_header_id|>\n\ntwo  spaces\tand a tab<|eot_id|>' +
        '<|start_header_id|>assistant<|end_header_id|>\n\n',
    )
  })

  test('Gemma: own role names, rejects a system message', async () => {
    const jinja =
      "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
    const template = await openChatTemplate([
      named('tokenizer_config.json', JSON.stringify({ bos_token: '<bos>', chat_template: 'another' })),
      named('chat_template.jinja', jinja),
    ])
    expect(template?.(talk)).toBe(
      '<bos><start_of_turn>user\nHello 👋🏽,   你好\n\n  world<end_of_turn>\n<start_of_turn>model\n嗨！ 🎉<end_of_turn>\n' +
        '<start_of_turn>user\ntwo  spaces\tand a tab<end_of_turn>\n<start_of_turn>model\n',
    )
    expect(() => template?.([{ role: 'system', content: 'x' }])).toThrow(
      kinmarkError('weights.chat-template-failed', { reason: 'System role not supported' }),
    )
    expect(() => template?.([talk[0], talk[0]])).toThrow('roles must alternate')
  })

  test('blocks on their own lines leave no empty lines', async () => {
    const lines =
      '{% for m in messages %}\n  {% if m.role == "user" %}\n[INST] {{ m.content }} [/INST]\n  {% endif %}\n{% endfor %}\n'
    const template = await withConfig({ chat_template: [{ name: 'default', template: lines }] })
    expect(template?.(talk.slice(2))).toBe('[INST]   two  spaces\tand a tab [/INST]\n')
  })
})

test('default: null if the folder has none', async () => {
  expect(await openChatTemplate([])).toBeNull()
  expect(await withConfig({ chat_template: null })).toBeNull()
  expect(await withConfig({ chat_template: [{ name: 'tool_use', template: 'x' }] })).toBeNull()
})

test.each([
  ['not JSON', '{', kinmarkError('weights.tokenizer-config-invalid')],
  ['a number', JSON.stringify({ chat_template: 7 }), kinmarkError('weights.tokenizer-config-invalid')],
  ['broken Jinja', JSON.stringify({ chat_template: '{% for %}' }), kinmarkError('weights.chat-template-invalid')],
  [
    'too long',
    JSON.stringify({ chat_template: 'x'.repeat(262_145) }),
    kinmarkError('weights.chat-template-too-long', { length: 262_145 }),
  ],
])('error: %s', async (_, text, expected) => {
  await expect(openChatTemplate([named('tokenizer_config.json', text)])).rejects.toThrow(expected)
})
