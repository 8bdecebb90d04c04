import { toModelId } from '../../chain/ids'
import { governors } from '../../db/schema'
import type { EventOf } from '../decode'
import type { Rows } from '../rows'

/** ModelGovernorFactory: the models that have a governor. */
export function handleGovernorFactory(event: EventOf<'governorFactory'>, rows: Rows): void {
  const { modelId, governor } = event.args
  rows.put(governors, { governor, modelId: toModelId(modelId) })
}
