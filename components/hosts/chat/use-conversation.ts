'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { useChain } from '@/components/wallet/chain'
import { exclusively } from '@/lib/browser/exclusively'
import { loadPart } from '@/lib/browser/load-part'
import { KinmarkError, messageOf } from '@/lib/error'
import type { HostView } from '@/lib/market/read/views'
import type { ChatMessage } from '@/lib/payer/ask'
import type { Payer } from '@/lib/payer/payer'
import type { SessionPlace } from './stored-session'

/** A question and what came of it. */
export type Turn = {
  id: number
  question: string
  text: string
  thoughts: string
  stage: 'asking' | 'answering' | 'counting' | 'done' | 'failed'
  /** Why the answer is over, or what failed; null while it runs. */
  why: string | null
  /** What it cost, from the host’s receipt; null while that is not known. */
  cost: { units: bigint; usdc12: bigint } | null
  receipt: object | null
}

const countingMs = 20_000
const pollMs = 1_000
const stopped = new DOMException('Stopped.', 'AbortError')

const finishTexts: Record<string, string> = { length: 'The answer reached its length limit.', stop: '' }

/** A conversation with one host: one question after the other, each paid. */
export function useConversation(host: HostView, place: SessionPlace, maxTokens: number) {
  const chain = useChain()
  const [turns, setTurns] = useState<Turn[]>([])
  const payer = useRef<{ payer: Payer; model: string } | null>(null)
  const stopper = useRef<AbortController | null>(null)
  const latest = useRef(turns)
  latest.current = turns
  useEffect(() => () => stopper.current?.abort(stopped), [])

  const open = useCallback(async () => {
    if (payer.current) return payer.current
    const { openChat } = await loadPart(import('./open-chat'))
    const opened = openChat(chain, host, place)
    await opened.facts()
    await opened.sync()
    payer.current = { payer: opened, model: await opened.model() }
    return payer.current
  }, [chain, host, place])

  const change = (id: number, changes: Partial<Turn> | ((turn: Turn) => Partial<Turn>)) =>
    setTurns((all) =>
      all.map((turn) =>
        turn.id === id ? { ...turn, ...(typeof changes === 'function' ? changes(turn) : changes) } : turn,
      ),
    )

  const answer = async (turn: Turn, before: Turn[]): Promise<void> => {
    const { id, question } = turn
    const controller = new AbortController()
    stopper.current = controller
    let receiptId = ''
    const chargeOf = (units: bigint) => ({ units, usdc12: units * host.price })
    try {
      const { payer, model } = await open()
      const messages: ChatMessage[] = [
        ...before.flatMap(({ question, text }): ChatMessage[] =>
          text
            ? [
                { role: 'user', content: question },
                { role: 'assistant', content: text },
              ]
            : [],
        ),
        { role: 'user', content: question },
      ]
      const ask = () =>
        payer.ask(
          { model, messages, maxTokens },
          {
            signal: controller.signal,
            onReceipt: (given) => {
              receiptId = given
            },
            onText: ({ text, thought }) =>
              change(id, (turn) => ({
                stage: 'answering',
                ...(thought ? { thoughts: turn.thoughts + text } : { text: turn.text + text }),
              })),
          },
        )
      const asked = async () => {
        for (const deadline = Date.now() + countingMs; ; )
          try {
            return await ask()
          } catch (error) {
            // The host knows of an answer whose receipt did not arrive, or still counts one that was stopped.
            if (!isVoucherRefused(error) || Date.now() > deadline) throw error
            await payer.sync()
            await new Promise((done) => setTimeout(done, pollMs))
          }
      }
      const { units, receipt, finish } = await asked()
      change(id, { stage: 'done', why: finishTexts[finish ?? ''] ?? '', cost: chargeOf(units), receipt })
      void payer.settleUp()
    } catch (error) {
      const why = error === stopped ? 'Stopped.' : messageOf(error)
      const failed = error === stopped ? 'done' : 'failed'
      if (!receiptId || !payer.current) return change(id, { stage: failed, why, cost: null })
      change(id, { stage: 'counting', why })
      const learned = await learn(payer.current.payer, receiptId).catch(() => null)
      // Without a receipt nothing was delivered, or the host says so later: its account is asked before the next question.
      if (!learned) await payer.current.payer.sync().catch(() => undefined)
      change(id, { stage: failed, why, cost: chargeOf(learned?.units ?? 0n), receipt: learned?.receipt ?? null })
    } finally {
      stopper.current = null
    }
  }

  const run = async (turn: Turn, before: Turn[]): Promise<void> => {
    const name = `chat ${place.chainId} ${place.copyId} ${place.user}`
    const free = await exclusively(name, () => answer(turn, before))
    if (!free) change(turn.id, { stage: 'failed', why: new KinmarkError('payer.other-tab').message })
  }

  return {
    turns,
    busy: turns.some(({ stage }) => stage === 'asking' || stage === 'answering' || stage === 'counting'),
    send(question: string) {
      const before = latest.current
      const turn = newTurn(question)
      setTurns([...before, turn])
      void run(turn, before)
    },
    /** Asks the last question again. */
    retry() {
      const last = latest.current.at(-1)
      if (!last) return
      const before = latest.current.slice(0, -1)
      const turn = newTurn(last.question)
      setTurns([...before, turn])
      void run(turn, before)
    },
    stop: () => stopper.current?.abort(stopped),
    clear: () => setTurns([]),
    /** Tells the host what the answers did cost, so that it settles no more. */
    settleUp: async () => (await open()).payer.settleUp(),
  }
}

let turnsMade = 0
function newTurn(question: string): Turn {
  const nothing = { text: '', thoughts: '', why: null, cost: null, receipt: null }
  return { id: ++turnsMade, question, stage: 'asking', ...nothing }
}

/** The receipt of an answer that was stopped: the host signs it once it has counted. */
async function learn(payer: Payer, id: string) {
  for (const deadline = Date.now() + countingMs; Date.now() < deadline; ) {
    const found = await payer.learn(id)
    if (found) return found
    await new Promise((done) => setTimeout(done, pollMs))
  }
  return null
}

function isVoucherRefused(error: unknown): boolean {
  return (
    error instanceof KinmarkError &&
    error.code === 'payer.refused' &&
    (error.facts as { status: number }).status === 402
  )
}
