import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../src/core/errors.ts'
import type { BigqueryOptions } from '../../../src/warehouse/bigquery/open.ts'
import { startStandIn } from '../../bigquery/server/stand-in.ts'
import type { StandInOptions } from '../../bigquery/server/types.ts'
import { openSender } from './send.ts'
import { openOn } from './under-test.ts'

export const both = ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser']

/** A stand-in with an operator who may do what the demo needs, and a warehouse on it. */
export const openDemo = async (
  options: StandInOptions & { readonly roles?: readonly string[]; readonly wish?: Partial<BigqueryOptions> } = {},
) => {
  const { roles = both, wish = {}, ...standIn } = options
  const server = await startStandIn(standIn)
  server.grant('operator', roles)
  server.grant('uploader', both)
  const folder = mkdtempSync(join(tmpdir(), 'bbq-key-'))
  const credentialsPath = join(folder, 'credentials.json')
  writeFileSync(credentialsPath, server.keyFile('operator'), { mode: 0o600 })
  const place = {
    project: server.projectId,
    dataset: 'log_analytics',
    apiEndpoint: server.url,
    tokenEndpoint: server.tokenUrl,
    credentialsPath,
  }
  const open = (more: Partial<BigqueryOptions> = {}) => openOn({ ...place, ...wish, ...more })
  const warehouse = open()
  let sender: Awaited<ReturnType<typeof openSender>> | undefined
  return {
    server,
    warehouse,
    credentialsPath,
    open,
    sender: async () => {
      sender ??= await openSender({ ...place, location: 'US', token: async () => server.token('uploader') })
      return sender
    },
    close: async () => {
      await warehouse.close()
      sender?.close()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Demo = Awaited<ReturnType<typeof openDemo>>

export const call = (deadlineMs = 10_000) => ({ signal: new AbortController().signal, deadlineMs })

/** The AppError that a call ends with. */
export const refusal = async (promise: Promise<unknown>): Promise<AppError> => {
  const thrown = await promise.then(
    (value) => {
      throw new Error(`expected an error, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
  if (thrown instanceof AppError) return thrown
  throw thrown
}

export const words = ({ what, why, next }: AppError): string => [what, why, ...next].join('\n')
