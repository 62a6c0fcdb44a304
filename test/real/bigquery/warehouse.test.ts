import { test } from 'vitest'
import { describeWarehouse } from '../../contract/warehouse.ts'
import { googleSql } from '../../warehouse/bigquery/dialect.ts'
import { warehouseOn } from '../../warehouse/bigquery/under-test.ts'
import { localBigquery, localProject, whyNoBigquery } from './server.ts'

const open = async () =>
  warehouseOn({
    wish: { project: localProject, dataset: `contract_${Date.now()}`, apiEndpoint: await localBigquery() },
  })

const why = await whyNoBigquery()
if (why === undefined) describeWarehouse('bigquery on local-bigquery', open, googleSql)
else test.skip(`bigquery on local-bigquery: ${why}`)
