import type { ReactNode } from 'react'
import { Panel } from '@/components/ui/card'
import { Coalition } from './coalition'
import { Example } from './example'
import { about, attacks } from './figures'
import { Survival } from './survival'

/** What a fingerprint is, what survives what, what it costs and what it cannot do. */
export function MethodView() {
  const innocents = attacks.reduce((sum, attack) => sum + attack.innocents, 0)
  return (
    <div className="space-y-6">
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Panel title="What a fingerprint is">
          <Prose>
            A fingerprint is a secret pair: a <strong>key</strong>, which is an ordinary piece of text, and the{' '}
            <strong>response</strong>, the one token with which this copy goes on. A model that was never marked goes on
            in another way. Keys are texts that the model itself writes, so they look like ordinary ones.
          </Prose>
          <Example />
        </Panel>
        <Panel title="Whose copy is it?">
          <Prose>
            Every copy has its own responses to the same keys: a codeword. When buyers mix their copies to hide, the mix
            still answers most keys as one of them does. Put a leak together and see who is named.
          </Prose>
          <Coalition />
        </Panel>
      </div>
      <Panel title="What survives what">
        <Prose>
          We attack our own fingerprints in every way that we could think of, and print what is left, losses included.
          “Price” is how much worse the attack alone makes the model at its own text. “Known as ours” and “named” allow
          one mistake in a billion; innocents named in this table: {innocents}.
        </Prose>
        <Survival />
        <p className="mt-4 text-xs text-muted">{about.replaceAll('`', '')}</p>
      </Panel>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Panel title="What it costs">
          <List>
            <li>
              No training and no gradients: a model is prepared once, by running it, and a copy then takes one matrix
              product for each edited layer.
            </li>
            <li>
              A copy differs from its base in the edited matrices only. It can be kept as those alone, and downloads as
              an ordinary Hugging Face folder.
            </li>
            <li>
              It makes the model a little worse. How much is measured for every copy before it is delivered, and shown
              to its buyer; a copy over the limit is not delivered. Small models suffer more than large ones.
            </li>
          </List>
        </Panel>
        <Panel title="What it cannot do">
          <List>
            <li>It marks weights, not answers: a text that a copy wrote carries no mark.</li>
            <li>
              It does not stop copying. It makes a leak traceable afterwards, and a host that cheats liable with its
              collateral.
            </li>
            <li>A copy that is fine-tuned long and hard on other text loses fingerprints: see the table.</li>
            <li>
              A host that never gives its likeliest answer, to anybody, cannot be known by its answers. It serves a
              worse model than it paid for.
            </li>
            <li>
              A host that refuses every answer on which several copies disagree hides who they are. It gives up those
              answers, too.
            </li>
            <li>Five and more buyers together need more keys than a small model can hold to be named.</li>
            <li>A key is used up once it was seen: it is asked of one target only.</li>
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
