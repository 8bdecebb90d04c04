import type { HostView } from '@/lib/market/read/views'
import { hostBase } from '@/lib/payer/host-facts'

/** How programs ask this host: `kinmark user` pays, on the machine of the user. */
export function hostExamples({ url, copyId, price }: HostView): Record<string, string> {
  const base = hostBase(url)
  const proxy = 'http://127.0.0.1:8091/v1'
  const question = 'What is 47 plus 38?'
  return {
    'Pay for your programs': [
      `npm run -s kinmark -- user --copy ${copyId} --to ${base} --user-key user.key --reserve 5`,
      `export OPENAI_BASE_URL=${proxy} OPENAI_API_KEY=any`,
      `export ANTHROPIC_BASE_URL=${proxy.replace('/v1', '')} ANTHROPIC_API_KEY=any`,
    ].join('\n'),
    curl: [
      `curl -s ${proxy}/chat/completions -H 'content-type: application/json' \\`,
      `  -d '${JSON.stringify({ model: 'any', messages: [{ role: 'user', content: question }] })}'`,
    ].join('\n'),
    Python: [
      'from openai import OpenAI',
      '',
      `client = OpenAI(base_url="${proxy}", api_key="any")`,
      'model = client.models.list().data[0].id',
      'answer = client.chat.completions.create(',
      `    model=model, messages=[{"role": "user", "content": "${question}"}]`,
      ')',
      'print(answer.choices[0].message.content)',
    ].join('\n'),
    TypeScript: [
      "import OpenAI from 'openai'",
      '',
      `const client = new OpenAI({ baseURL: '${proxy}', apiKey: 'any' })`,
      'const [model] = (await client.models.list()).data',
      `const messages = [{ role: 'user' as const, content: '${question}' }]`,
      'const answer = await client.chat.completions.create({ model: model.id, messages })',
      'console.log(answer.choices[0].message.content)',
    ].join('\n'),
    'What it costs': `curl -s ${base}/v1/kinmark   # ${price} millionths of a USDC for a million tokens`,
  }
}
