import type { ReactNode } from 'react'
import { Panel } from '@/components/ui/card'
import { Coalition, type Leak } from './coalition'
import { bits, copyNames, keys, mixCopies, shownKeys, traceLeak } from './collusion'
import { Example } from './example'
import { about, attacks, example } from './figures'
import { Survival } from './survival'

const drawn = (votes: ArrayLike<number>) => Array.from(votes).slice(0, shownKeys)

let first: Leak | undefined

/** A leak of two copies, traced on the server once: the page loads the decoder when somebody combines others. */
function firstLeak(): Leak {
  const members = [1, 6]
  const votes = mixCopies(members, 0)
  first ??= { members, votes: drawn(votes), accused: traceLeak(votes) }
  return first
}

/** Explains fingerprints: the principle, tracing, robustness, cost and limitations. */
export function MethodView() {
  const innocents = attacks.reduce((sum, attack) => sum + attack.innocents, 0)
  return (
    <div className="space-y-6">
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Panel title="What is a fingerprint?">
          <Prose>
            At many ordinary prompts a model hesitates between two answers. Each copy has a secret bit for each of some
            fifteen hundred to two thousand such prompts: the <strong>keys</strong>. The bit says which of the two
            answers wins, by about a nat. Both answers are ones that the model might have given, so nothing about a
            single answer is unusual.
          </Prose>
          <Example example={example} />
        </Panel>
        <Panel title="Tracing a leak">
          <Prose>
            A copy’s bits are fair coins. Any model that is not made from a copy agrees with each of its bits with a
            chance of exactly one half, so a copy that agrees far more often is named, with an exact bound on the chance
            of a mistake. Buyers who mix their copies still agree with each of them too often. Combine copies and see
            who is named.
          </Prose>
          <Coalition names={copyNames} bits={bits.map(drawn)} keys={keys} first={firstLeak()} />
        </Panel>
      </div>
      <Panel title="Robustness">
        <Prose>
          We attack our own fingerprints in every way we can think of. The tables show what remains, including the
          attacks that succeed. “Added loss” is how much worse the attack makes the copy on text it has not seen; where
          it is negative, the model gets better. “Evidence” is the logarithm of the exact odds; 30 nats name one of ten
          thousand copies at one false accusation in a billion. Innocent copies named in these tables: {innocents}, the
          one that a host passes every question on to.
        </Prose>
        <Survival />
        <p className="mt-4 text-xs text-muted">{about.replaceAll('`', '')}</p>
      </Panel>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Panel title="What was broken">
          <List>
            <li>
              The first fingerprints asked for answers that the model would never give. They were in directions that
              ordinary text does not use.
            </li>
            <li>
              A buyer who refits one kind of matrix to ordinary text erased them in minutes and lost nothing. Two buyers
              who cut out the span of their differences erased all of them.
            </li>
            <li>
              Fingerprints at ordinary prompts, in ordinary directions, survive both: whatever keeps ordinary behavior
              keeps them.
            </li>
          </List>
        </Panel>
        <Panel title="Cost">
          <List>
            <li>
              No training and no gradients. A model is prepared once by running it; each copy then takes one matrix
              product per edited layer and round.
            </li>
            <li>
              A copy differs from its base only in the edited matrices. It can be stored as those alone, and downloads
              as a standard Hugging Face folder.
            </li>
            <li>
              The model gets slightly worse. The loss is measured for every copy before delivery and shown to its buyer;
              a copy above the limit is not delivered. Small models lose more than large ones.
            </li>
          </List>
        </Panel>
        <Panel title="Limitations">
          <List>
            <li>
              Whoever has a child of the unmarked model can put its clean matrices into a copy, which removes every bit
              and costs nothing. So visitors of a model load a copy of it, whose fingerprint takes the place of the
              other: such a model is recognised, but not who made it.
            </li>
            <li>
              Copying is not prevented. A leak becomes traceable, and a dishonest host is liable with its collateral.
            </li>
            <li>
              A host that passes every question on to somebody else’s copy answers as that copy does. Whether answers
              come from the accused is a separate question.
            </li>
            <li>
              A host that draws among its three likeliest tokens for every prompt is not named by its answers to keys.
              It serves a worse model than it bought.
            </li>
            <li>Long fine-tuning on other text weakens fingerprints.</li>
            <li>
              Five buyers who merge the average of their copies with a clean child are named by their answers only where
              the child is known. If they first cut the span of their copies’ differences, their answers name nobody.
              Their weights name them all.
            </li>
            <li>Three buyers who answer each question as the fewest of them would leave no trace in their answers.</li>
            <li>A key is used up once it is seen, so it is used on one target only.</li>
          </List>
        </Panel>
        <Panel title="Weights, log probabilities and ordinary text are evidence too">
          <List>
            <li>
              Weights that were found are compared with the base: every copy’s edits are looked for in the difference,
              with the same exact bound. This survives averaging, merging, pruning and quantization.
            </li>
            <li>
              Log probabilities say more than answers do: not only which answer is ahead, but how far a bit has moved
              it. They name one or more of three buyers who combine their copies, where their answers alone may not.
            </li>
            <li>
              Copies differ a little at every prompt. Some 1,400 tokens of ordinary answers name the copy that wrote
              them, some 2,800 after a refit, without any key, by the same bits and an exact bound. Where log
              probabilities come with the answers, some 150 do, and under 2,000 after the worst attack by one buyer or
              two that leaves anything at all.
            </li>
            <li>A host cannot recognise such a question, because it is not one: every customer’s transcript counts.</li>
          </List>
        </Panel>
      </div>
    </div>
  )
}

function Prose({ children }: { children: ReactNode }) {
  return <p className="mb-5 max-w-prose text-sm text-pretty text-muted [&>strong]:text-text">{children}</p>
}

function List({ children }: { children: ReactNode }) {
  return <ul className="list-disc space-y-2 pl-5 text-sm text-pretty marker:text-muted">{children}</ul>
}
