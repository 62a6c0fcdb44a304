import { constants, existsSync } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { unsupported } from '../config/supported.ts'
import { AppError } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { tables } from '../core/tables.ts'
import { programs } from '../programs.ts'
import type { DoctorCheck } from './doctor-check.ts'
import { clusterChecks } from './doctor-cluster.ts'
import { bigqueryChecks, describeStatus } from './doctor-warehouse.ts'
import { lockHolder } from './lock.ts'
import { openWarehouseOf } from './open-ports.ts'
import type { Call } from './verb.ts'

/** Above this many files a table's queries grow slow. */
const manyFiles = 2000

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)))

const state = async ({ stateDir }: Call): Promise<string> => {
  const folder = resolve(stateDir)
  const there = nearestFolder(folder)
  await access(there, constants.W_OK).catch((cause: unknown) => {
    throw new AppError({
      what: `${there} cannot be written.`,
      next: ['Make it writable, or take another folder with --state DIR.'],
      cause,
    })
  })
  const holder = lockHolder(stateDir)
  if (holder !== undefined)
    return `${folder}, in use by process ${holder.pid} (${holder.command}) since ${holder.since}`
  return there === folder ? folder : `${folder}, made at the first start`
}

const supported = async (config: Config): Promise<string> => {
  const refusal = unsupported(config)
  if (refusal !== undefined) throw refusal
  return `${config.cluster.kind} and ${config.warehouse.kind}, ${config.file ?? 'no config file'}`
}

const parts = async (): Promise<string> => {
  const missing = Object.values(programs).filter((path) => !existsSync(path))
  if (missing.length > 0)
    throw new AppError({
      what: `${missing.join(', ')} is missing.`,
      why: 'The program is not built whole.',
      next: ['Run npm ci, which builds it.'],
    })
  return 'processor, generator, warehouse, job templates'
}

const simulated = async (call: Call): Promise<string> => {
  const folder = join(call.stateDir, 'nodes')
  const made = existsSync(folder) ? await readdir(folder) : []
  return made.length === 0 ? 'simulated nodes, made at the first start' : `${made.length} simulated nodes`
}

const filesOf = async (folder: string, epoch: string): Promise<number> => {
  const names = await readdir(join(folder, epoch)).catch(() => [])
  return names.filter((name) => name.endsWith('.parquet') && !name.startsWith('.')).length
}

const folder = async (call: Call, config: Config): Promise<string> => {
  const dataset = join(config.warehouse.path, config.bigquery.dataset_name)
  if ((await stat(dataset).catch(() => undefined)) === undefined) return `${dataset}, made at the first run`
  const opened = await openWarehouseOf(config, call)
  try {
    const options = { signal: call.context.signal, deadlineMs: 15_000 }
    const { epoch } = await opened.confirm(tables, options)
    const status = await opened.status(options)
    const rows = describeStatus(status)
    for (const { table } of status) {
      const name = table === 'log_results' ? config.bigquery.table_name : table
      const files = await filesOf(join(dataset, name), epoch)
      if (files > manyFiles)
        throw new AppError({
          what: `${table} has ${formatCount(files)} files; above ${formatCount(manyFiles)} queries grow slow.`,
          next: ['bbq reset starts a new generation.', 'Keep running at a slower pace, such as --every 1m.'],
        })
    }
    return `${opened.about.label}, ${rows}`
  } finally {
    await opened.close()
  }
}

/** Everything that a run needs, in the order in which it is looked at; `close` ends what the checks opened. */
export const doctorChecks = async (
  call: Call,
  config: Config,
): Promise<{ readonly checks: readonly DoctorCheck[]; readonly close: () => Promise<void> }> => {
  const onCluster = config.cluster.kind === 'bacalhau' ? clusterChecks(call, config) : undefined
  const inBigquery = config.warehouse.kind === 'bigquery' ? await bigqueryChecks(call, config) : undefined
  return {
    checks: [
      { id: 'node', title: 'Node', run: async () => `${process.versions.node} (${call.context.nodePath})` },
      { id: 'parts', title: 'Programs', run: parts },
      { id: 'config', title: 'Config', run: () => supported(config) },
      { id: 'state', title: 'State folder', run: () => state(call) },
      ...(onCluster?.checks ?? [{ id: 'nodes', title: 'Nodes', run: () => simulated(call) }]),
      ...(inBigquery?.checks ?? [
        { id: 'warehouse', title: 'Warehouse', after: 'config', run: () => folder(call, config) },
      ]),
      ...(onCluster !== undefined && config.warehouse.kind === 'duckdb' ? [onCluster.folder] : []),
    ],
    close: async () => {
      inBigquery?.close()
      await onCluster?.close()
    },
  }
}
