'use client'

import { useEffect, useMemo, useState } from 'react'
import { useRefresh } from '@/components/models/use-refresh'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { inputClass } from '@/components/ui/field'
import { Progress } from '@/components/ui/progress'
import { BytesDone } from '@/components/values/bytes-done'
import { useSession } from '@/components/wallet/session'
import { isSameAddress } from '@/lib/format/addresses'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import type { CopyView, ModelPage } from '@/lib/market/read/views'
import { CompletionPanel } from './completion-panel'
import { MachineFitLine } from './machine-fit-line'
import { memoryObstacle } from './memory-obstacle'
import { defaultSettings, readSettings } from './settings'
import { SettingsFields } from './settings-fields'
import type { Source } from './source'
import { usePlayground } from './use-playground'
import { WeightsStep } from './weights-step'

/** Runs a model in the visitor's browser. */
export function Playground({ model, copies }: { model: ModelPage; copies: CopyView[] }) {
  const account = useSession()
  const decides = account !== null && isSameAddress(account, model.control.controller)
  const base = useMemo<Source | null>(
    () =>
      decides || model.visitorsCopy
        ? { kind: decides ? 'base' : 'visitors', modelId: model.id, files: model.files }
        : null,
    [model, decides],
  )
  useRefresh(model.playground && !base)
  const [picked, setPicked] = useState<Source | null>(null)
  const source = picked ?? base
  const [prompt, setPrompt] = useState('Once upon a time')
  const [form, setForm] = useState(defaultSettings)
  const [backend, setBackend] = useState<WebBackend>('auto')
  const { state, run, stop, cancel } = usePlayground()
  const read = readSettings(form)
  const settings = 'settings' in read ? read.settings : null
  const busy = state.stage === 'loading' || state.stage === 'running'
  const deviceGiB = useDeviceMemory()
  const obstacle =
    source && memoryObstacle(source.kind === 'folder' ? source.model.parameters : model.parameters, deviceGiB)

  return (
    <div className="space-y-5">
      <WeightsStep model={model} copies={copies} base={base} source={source} onSource={setPicked} locked={busy} />
      {obstacle ? (
        <Callout tone="warning">{obstacle.message} Get a copy to run it on your own machine.</Callout>
      ) : (
        source && (
          <>
            <label className="block text-sm font-medium">
              Prompt
              <textarea
                rows={3}
                className={cn(inputClass, 'mt-1.5 h-auto resize-y py-2 font-normal')}
                value={prompt}
                onChange={(event) => setPrompt(event.currentTarget.value)}
              />
            </label>
            <MachineFitLine
              onDemand
              model={
                source.kind === 'folder'
                  ? source.model
                  : { parameters: model.parameters, dtype: model.tensors.at(0)?.dtype ?? 'F32' }
              }
            />
            <SettingsFields
              form={form}
              errors={'errors' in read ? read.errors : {}}
              onForm={setForm}
              backend={backend}
              onBackend={setBackend}
              locked={busy}
            />
            <div className="flex flex-wrap items-center gap-3">
              {state.stage === 'loading' ? (
                <Button variant="secondary" onClick={cancel}>
                  Cancel
                </Button>
              ) : state.stage === 'running' ? (
                <Button variant="secondary" onClick={stop}>
                  Stop
                </Button>
              ) : (
                <Button disabled={!settings} onClick={() => settings && run({ source, backend, prompt, settings })}>
                  Run
                </Button>
              )}
              <p className="text-sm text-muted">Runs in your browser: your prompt is not uploaded.</p>
            </div>
          </>
        )
      )}
      {state.stage === 'loading' && (
        <Progress label={state.step} done={state.done} note={state.note && <BytesDone {...state.note} />} />
      )}
      {state.stage === 'failed' && <Callout tone="danger">{state.message}</Callout>}
      {'completion' in state && state.completion && <CompletionPanel completion={state.completion} />}
    </div>
  )
}

/** Gibibytes, where the browser exposes it; undefined in the first render, because the server does not know it. */
function useDeviceMemory(): number | undefined {
  const [gibibytes, setGibibytes] = useState<number>()
  useEffect(() => setGibibytes((navigator as Navigator & { deviceMemory?: number }).deviceMemory), [])
  return gibibytes
}
