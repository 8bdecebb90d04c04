'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Field, inputClass } from '@/components/ui/field'
import { Step } from '@/components/ui/step'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import type { CopyId } from '@/lib/chain/ids'
import { isAddress } from '@/lib/format/addresses'
import { parseUsdc } from '@/lib/format/parse-usdc'
import { publicOrigin } from '@/lib/payer/public-origin'

/** Tokens of an epoch that an operator key may sign for: what `kinmark gateway` has by default too. */
const cap = 1_000_000_000n

type Servable = { copyId: CopyId; name: string }

/** Walks through hosting: a copy, its server, the gateway, and the one transaction. */
export function StartHosting({ copies }: { copies: Servable[] }) {
  const { contracts, local } = useChain()
  const [chosen, setChosen] = useState(copies[0]?.copyId ?? null)
  const [url, setUrl] = useState('')
  const [operator, setOperator] = useState('')
  const [price, setPrice] = useState('4.00')
  const { state, run, busy } = useWrite('usageLedger', `hosting.open.${chosen}`)
  const none = copies.length === 0
  const asked = priceOf(price)
  const problems = {
    url: url !== '' && !publicOrigin(url, local) ? 'An address with https:// and a public name.' : null,
    operator: operator !== '' && !isAddress(operator) ? 'The address that the gateway prints.' : null,
    price: asked === null ? 'An amount of USDC.' : null,
  }
  const ready =
    chosen !== null && url !== '' && operator !== '' && Object.values(problems).every((each) => each === null)
  const open = () => {
    if (!ready || asked === null || !isAddress(operator)) return
    const key = operator.toLowerCase() as typeof operator // in lower case it needs no checksum
    const deployment = { copyId: chosen, operator: key, url, price: asked, cap }
    run(({ openDeploymentWrite }) => openDeploymentWrite(contracts.usageLedger, deployment))
  }
  return (
    <div className="space-y-4">
      <Step number={1} title="Choose a copy" note="You may serve every copy that is active." done={chosen !== null}>
        {none ? (
          <p className="text-sm text-muted">
            You have no active copy.{' '}
            <ButtonLink href="/" size="small" className="ml-2">
              Get a copy
            </ButtonLink>
          </p>
        ) : (
          <label className="text-sm">
            <span className="mb-1.5 block font-medium">Copy</span>
            <select
              className={`${inputClass} max-w-md`}
              value={chosen ?? ''}
              onChange={(event) => setChosen(event.target.value as CopyId)}
            >
              {copies.map(({ copyId, name }) => (
                <option key={copyId} value={copyId}>
                  Copy {copyId} of {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </Step>
      <Step
        number={2}
        title="Serve the weights"
        note="Any OpenAI-compatible server, or for small models ours."
        locked={none}
      >
        <Command>npm run -s kinmark -- serve FOLDER-OF-YOUR-COPY</Command>
      </Step>
      <Step
        number={3}
        title="Put the gateway in front"
        note="It meters answers, signs receipts, reports epochs. Put a reverse proxy with TLS before it."
        locked={none}
      >
        <Command>
          {`npm run -s kinmark -- gateway --copy ${chosen ?? 'N'} --upstream http://127.0.0.1:8080 --url ${url || 'https://host.example/v1'} --price ${price || '4'}`}
        </Command>
        <p className="mt-3 text-sm text-muted">
          It prints its operator key and waits for the next step. With <code>--owner-key FILE</code> it does that by
          itself, and settles vouchers too.
        </p>
      </Step>
      <Step
        number={4}
        title="Sign one transaction"
        note="It announces the address and lets the key sign receipts."
        locked={none}
      >
        <form
          className="grid gap-4 sm:grid-cols-2"
          onSubmit={(event) => {
            event.preventDefault()
            if (!busy) open()
          }}
        >
          <Field
            label="Public address"
            value={url}
            maxLength={200}
            error={problems.url}
            placeholder={local ? 'http://127.0.0.1:8090/v1' : 'https://host.example/v1'}
            onChange={(event) => setUrl(event.target.value.trim())}
          />
          <Field
            label="Operator key"
            value={operator}
            error={problems.operator}
            placeholder="0x…"
            onChange={(event) => setOperator(event.target.value.trim())}
          />
          <Field
            label="Price of a million tokens"
            unit="USDC"
            inputMode="decimal"
            value={price}
            error={problems.price}
            onChange={(event) => setPrice(event.target.value)}
          />
          <div className="flex items-end">
            <RightNetwork>
              <Button type="submit" busy={busy} disabled={!ready}>
                Open the deployment
              </Button>
            </RightNetwork>
          </div>
        </form>
        <div className="mt-3">
          <TransactionNote state={state} included="Opened" />
        </div>
      </Step>
    </div>
  )
}

function Command({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: A region that scrolls is reached by the keyboard.
    <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3 text-xs">
      {children}
    </pre>
  )
}

function priceOf(text: string): bigint | null {
  try {
    const price = parseUsdc(text)
    return price >= 0n && price < 2n ** 96n ? price : null
  } catch {
    return null
  }
}
