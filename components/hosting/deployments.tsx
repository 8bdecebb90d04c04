import { Badge } from '@/components/ui/badge'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Amount } from '@/components/values/amount'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import type { HostedCopy } from '@/lib/market/read/views'
import { CloseDeployment } from './close-deployment'

/** The addresses at which a copy is served, closed ones too. */
export function Deployments({ deployments }: Pick<HostedCopy, 'deployments'>) {
  return (
    <Table
      label="Deployments"
      head={
        <>
          <Column>Address</Column>
          <Column number>Price</Column>
          <Column>State</Column>
          <Column>Since</Column>
          <Column>
            <span className="sr-only">Actions</span>
          </Column>
        </>
      }
    >
      {deployments.map(({ copyId, number, url, price, open, openedAt, record, origin }) => (
        <tr key={number}>
          <td className="min-w-48 wrap-anywhere">
            <Name>{url}</Name>
          </td>
          <NumberCell>
            <Amount value={price} />
          </NumberCell>
          <td className="whitespace-nowrap">
            <Badge tone={!open ? 'plain' : record?.problem ? 'warning' : record ? 'verified' : 'plain'}>
              {!open ? 'closed' : record?.problem ? 'no good answer' : record ? 'answers' : 'not checked yet'}
            </Badge>
          </td>
          <td>
            <Time at={openedAt} precise />
          </td>
          <td className="text-right">
            {open && (
              <span className="inline-flex items-center gap-3">
                {origin && (
                  // The page’s policy lets it call this gateway, so it is loaded anew.
                  <a href={`/hosting/${copyId}/${number}`} className="underline underline-offset-4">
                    Live
                  </a>
                )}
                <CloseDeployment copyId={copyId} number={number} />
              </span>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}
