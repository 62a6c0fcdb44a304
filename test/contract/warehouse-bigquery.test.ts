import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStandIn } from '../bigquery/server/stand-in.ts'
import { googleSql } from '../warehouse/bigquery/dialect.ts'
import { warehouseOn } from '../warehouse/bigquery/under-test.ts'
import { describeWarehouse } from './warehouse.ts'

const open = async () => {
  const server = await startStandIn()
  for (const account of ['operator', 'uploader'])
    server.grant(account, ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser'])
  const credentialsPath = join(mkdtempSync(join(tmpdir(), 'bbq-key-')), 'credentials.json')
  writeFileSync(credentialsPath, server.keyFile('operator'), { mode: 0o600 })
  return warehouseOn({
    wish: {
      project: server.projectId,
      dataset: 'log_analytics',
      apiEndpoint: server.url,
      tokenEndpoint: server.tokenUrl,
      credentialsPath,
    },
    token: async () => server.token('uploader'),
    close: server.close,
  })
}

describeWarehouse('bigquery on a strict stand-in', open, googleSql)
