import { Whorl } from '@/components/brand/whorl'
import { HostTable } from '@/components/hosts/host-table'
import { Lineage } from '@/components/lineage/lineage'
import { PlaygroundTab } from '@/components/playground/playground-tab'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Page } from '@/components/ui/page'
import { TabPanel, Tabs } from '@/components/ui/tabs'
import { Account } from '@/components/values/account'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import type { CaseSummary, CopyView, HostView, ModelPage } from '@/lib/market/read/views'
import { BuyBox } from './buy-box'
import { ControlTab } from './control-tab'
import { FileTable } from './file-table'
import { Markdown } from './markdown'
import { OriginPanel } from './origin-panel'
import { TensorTable } from './tensor-table'
import { TermsTable } from './terms-table'

type Props = {
  model: ModelPage
  copies: CopyView[]
  /** Cases about its undeclared parents, and what opening one costs. */
  cases: CaseSummary[]
  due: bigint
  hosts: HostView[]
}

export function ModelView({ model, copies, cases, due, hosts }: Props) {
  const tabs = [
    { value: 'card', name: 'Card' },
    { value: 'try', name: 'Try it' },
    { value: 'hosts', name: 'Hosts', count: hosts.length },
    { value: 'family', name: 'Family tree' },
    { value: 'origin', name: 'Origin' },
    { value: 'files', name: 'Files', count: model.files.length },
    { value: 'tensors', name: 'Tensors', count: model.tensors.length },
    { value: 'terms', name: 'Terms' },
    { value: 'control', name: 'Control' },
  ]
  return (
    <Page>
      <Title model={model} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="lg:order-last lg:sticky lg:top-22">
          <BuyBox model={model} />
        </div>
        <Card className="min-w-0" aria-label="About this model">
          <Tabs tabs={tabs} label="About this model">
            <TabPanel value="card">
              <Markdown source={model.card} home={{ id: model.id, paths: model.files.map(({ path }) => path) }} />
            </TabPanel>
            <TabPanel value="try" keep>
              <PlaygroundTab model={model} copies={copies} />
            </TabPanel>
            <TabPanel value="hosts">
              <HostTable hosts={hosts} />
            </TabPanel>
            <TabPanel value="family">
              <Lineage lineage={model.lineage} />
            </TabPanel>
            <TabPanel value="origin">
              <OriginPanel model={model} cases={cases} due={due} />
            </TabPanel>
            <TabPanel value="files">
              <FileTable files={model.files} root={model.manifestRoot} />
            </TabPanel>
            <TabPanel value="tensors">
              <TensorTable tensors={model.tensors} />
            </TabPanel>
            <TabPanel value="terms">
              <TermsTable model={model} />
            </TabPanel>
            <TabPanel value="control">
              <ControlTab model={model} />
            </TabPanel>
          </Tabs>
        </Card>
      </div>
    </Page>
  )
}

function Title({ model }: { model: ModelPage }) {
  return (
    <div className="mb-7 flex items-start gap-4">
      <Whorl seed={`model ${model.id}`} className="size-14 shrink-0 text-accent sm:size-16" />
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight sm:text-3xl">
          <Name>{model.name}</Name>
        </h1>
        <p className="mt-1 flex flex-wrap items-center gap-x-4 text-sm text-muted">
          <span>
            by <Account address={model.creator} label="creator’s address" />
          </span>
          <span>
            version {model.version}, <Time at={model.registeredAt} />
          </span>
        </p>
        <div className="mt-3 flex flex-wrap gap-1.5">
          <Badge>
            <Figure count={model.parameters} /> parameters
          </Badge>
          <Badge>
            <Figure bytes={model.sizeBytes} />
          </Badge>
          <Badge>{model.family}</Badge>
          {model.task && <Badge>{model.task}</Badge>}
          {model.licence && <Badge>{model.licence}</Badge>}
          {model.tags
            .filter((tag) => tag !== model.family)
            .slice(0, 6)
            .map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          {model.retired && <Badge tone="warning">retired: no new copies</Badge>}
        </div>
      </div>
    </div>
  )
}
