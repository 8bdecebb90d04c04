import { toModelId } from '../../chain/ids'
import { relations } from '../../chain/states'
import { ancestors, clones, edges, models, namedMinters, versions } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'
import { trendAfter } from '../trend'

/** What a registration does not say: the events that follow it do. */
const undescribed = {
  retired: false,
  version: 0,
  price: 0n,
  collateral: 0n,
  fee: 0n,
  royaltyBps: 0,
  floorBps: 0,
  leakBps: 0,
  licence: 0,
  termsHash: '0x',
  copiesSold: 0,
  floorPrice: 0n,
  floorCollateral: 0n,
  floorFee: 0n,
  floorLeakBps: 0,
  allowedLicence: 7,
  earned: 0n,
  income: 0n,
} as const

/** ModelRegistry: models, their versions, terms, parents and lineages. */
export function handleModels(event: EventOf<'models'>, log: RawLog, rows: Rows): void {
  switch (event.eventName) {
    case 'Registered': {
      const { creator, shares } = event.args
      const id = toModelId(event.args.id)
      const registered = { registeredAt: log.at, registeredTx: log.tx, trend: trendAfter(null, 1n, log.at) }
      rows.insert(models, { ...undescribed, id, creator, majority: creator, shares, ...registered })
      rows.insert(clones, { shares, modelId: id })
      return
    }
    case 'ParentAdded': {
      const { child, parent, relation } = event.args
      rows.insert(edges, {
        child: toModelId(child),
        parent: toModelId(parent),
        relation: relations[relation],
        position: log.logIndex,
      })
      return
    }
    case 'LineageSet': {
      const { lineage, floors, allowedLicence } = event.args
      const modelId = toModelId(event.args.id)
      rows.update(
        models,
        { id: modelId },
        {
          floorPrice: floors.price,
          floorCollateral: floors.collateral,
          floorFee: floors.fee,
          floorLeakBps: floors.leakBps,
          allowedLicence,
        },
      )
      for (const [position, { id, royaltyBps }] of lineage.entries())
        rows.insert(ancestors, { modelId, ancestor: toModelId(id), royaltyBps, position })
      return
    }
    case 'VersionAdded': {
      const { version, manifestRoot, metadataURI: uri } = event.args
      const modelId = toModelId(event.args.id)
      const model = rows.get(models, { id: modelId })
      if (!model) return
      const publisher = model.majority ?? model.creator
      const row = { modelId, version, manifestRoot, uri, publisher, registeredAt: log.at, keyPoolRoot: null }
      rows.insert(versions, row)
      rows.update(models, { id: modelId }, { version })
      return
    }
    case 'KeyPoolSet': {
      const { id, version, root } = event.args
      rows.update(versions, { modelId: toModelId(id), version }, { keyPoolRoot: root })
      return
    }
    case 'MinterNamed': {
      const { id, minter, named } = event.args
      const row = { modelId: toModelId(id), minter }
      if (named) rows.put(namedMinters, row)
      else rows.remove(namedMinters, row)
      return
    }
    case 'TermsSet': {
      const { id, termsHash, terms } = event.args
      rows.update(models, { id: toModelId(id) }, { ...terms, termsHash })
      return
    }
    case 'Retired':
      rows.update(models, { id: toModelId(event.args.id) }, { retired: true })
      return
  }
}
