import { type BigqueryOptions, openBigqueryWarehouse } from '../../../src/warehouse/bigquery/open.ts'
import type { WarehouseUnderTest } from '../../contract/warehouse.ts'
import { openSender } from './send.ts'

let epochs = 0

type Wish = Pick<BigqueryOptions, 'project'> & Partial<BigqueryOptions>

/** A warehouse on a server of BigQuery's API; nobody is logged in on this machine. */
export const openOn = (wish: Wish) =>
  openBigqueryWarehouse({
    kind: 'bigquery',
    dataset: 'log_analytics',
    location: 'US',
    createIfMissing: true,
    credentialsPath: '/nowhere/credentials.json',
    env: {},
    now: Date.now,
    newEpoch: () => `epoch${epochs++}`,
    ...wish,
  })

interface Server {
  readonly wish: Wish & Pick<BigqueryOptions, 'dataset'> & { readonly apiEndpoint: string }
  /** Token of an account that may load rows, for servers that want one. */
  readonly token?: () => Promise<string>
  readonly close?: () => Promise<void>
}

/** What the contract suite needs of a server. */
export const warehouseOn = async ({ wish, token, close }: Server): Promise<WarehouseUnderTest> => {
  const warehouse = openOn(wish)
  const { project, dataset, apiEndpoint } = wish
  const sender = await openSender({
    project,
    dataset,
    apiEndpoint,
    location: 'US',
    ...(token === undefined ? {} : { token }),
  })
  return {
    warehouse,
    openAnother: async () => openOn(wish),
    sendLines: sender.sendLines,
    sendWindows: sender.sendWindows,
    close: async () => {
      await warehouse.close()
      sender.close()
      await close?.()
    },
  }
}
