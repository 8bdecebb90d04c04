import { longestBeginning } from './stop-strings'

type Parts = { reasoning: string; content: string }

export type ReasoningSplitter = {
  push(text: string): Parts
  /** What was held back, when no more follows. */
  end(): Parts
}

const [opening, closing] = ['<think>', '</think>']

/**
 * Separates what a model thinks between `<think>` and `</think>` at the beginning of its answer from the rest, without
 * the white space around either. `thinking`: the prompt ends with `<think>`. A text that begins otherwise is unchanged.
 */
export function reasoningSplitter(thinking: boolean): ReasoningSplitter {
  let state: 'start' | 'opened' | 'reasoning' | 'closed' | 'content' = thinking ? 'opened' : 'start'
  let held = ''
  const push = (text: string): Parts => {
    held += text
    if (state === 'start') {
      const begun = held.trimStart()
      if (begun.startsWith(opening)) {
        state = 'opened'
        held = begun.slice(opening.length)
      } else if (!opening.startsWith(begun)) state = 'content'
      else return { reasoning: '', content: '' }
    }
    let reasoning = ''
    if (state === 'opened') {
      held = held.trimStart()
      if (held !== '') state = 'reasoning'
    }
    if (state === 'reasoning') {
      const end = held.indexOf(closing)
      const known = end < 0 ? held.slice(0, held.length - longestBeginning(held, [closing])) : held.slice(0, end)
      reasoning = known.trimEnd()
      held = end < 0 ? held.slice(reasoning.length) : held.slice(end + closing.length)
      if (end >= 0) state = 'closed'
    }
    if (state === 'closed') {
      held = held.trimStart()
      if (held !== '') state = 'content'
    }
    if (state !== 'content') return { reasoning, content: '' }
    const content = held
    held = ''
    return { reasoning, content }
  }
  return {
    push,
    end() {
      const rest = held
      held = ''
      if (state === 'start') return { reasoning: '', content: rest }
      return { reasoning: state === 'reasoning' ? rest.trimEnd() : '', content: '' }
    },
  }
}

/** Whether the model's thoughts have begun at the end of a prompt, as some chat templates do. */
export function endsThinking(prompt: string): boolean {
  return prompt.trimEnd().endsWith(opening)
}
