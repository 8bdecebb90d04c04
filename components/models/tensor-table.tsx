import { Column, NumberCell, Table } from '@/components/ui/table'
import { Figure } from '@/components/values/figure'
import type { TensorView } from '@/lib/market/read/views'

export function TensorTable({ tensors }: { tensors: TensorView[] }) {
  return (
    <Table
      label="Tensors"
      className="max-h-[36rem] overflow-y-auto"
      head={
        <>
          <Column>Tensor</Column>
          <Column>Type</Column>
          <Column number>Shape</Column>
          <Column number>Size</Column>
        </>
      }
    >
      {tensors.map((tensor) => (
        <tr key={tensor.name}>
          <td className="font-mono text-[0.92em] whitespace-nowrap">{tensor.name}</td>
          <td className="font-mono text-[0.92em]">{tensor.dtype}</td>
          <NumberCell>{tensor.shape.join(' × ')}</NumberCell>
          <NumberCell>
            <Figure bytes={tensor.sizeBytes} />
          </NumberCell>
        </tr>
      ))}
    </Table>
  )
}
