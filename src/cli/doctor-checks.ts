import { constants, existsSync } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { unsupported } from '../config/supported.ts'
import { AppError } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import { tables } from '../core/tables.ts'
import { programs } from '../programs.ts'
import { lockHolder } from './lock.ts'
import { openClusterOf, openWarehouseOf } from './open-ports.ts'
import type { Call } from './verb.ts'

/** One thing that a run needs; `run` returns what was found or throws what is wrong. */
export interface DoctorCheck {
  readonly id: string
  readonly title: string
  readonly run: (call: Call, config: Config) => Promise<string>
}

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

const supported = async (_: Call, config: Config): Promise<string> => {
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

const nodes = async (call: Call, config: Config): Promise<string> => {
  if (config.cluster.kind === 'sandbox') {
    const folder = join(call.stateDir, 'nodes')
    const made = existsSync(folder) ? await readdir(folder) : []
    return made.length === 0 ? 'simulated nodes, made at the first start' : `${made.length} simulated nodes`
  }
  const cluster = await openClusterOf(config, call, { fresh: false, live: false })
  try {
    const all = await cluster.nodes({ signal: call.context.signal, deadlineMs: 15_000 })
    const connected = all.filter((node) => node.state === 'connected').length
    if (connected === 0)
      throw new AppError({
        what: `None of ${all.length} nodes of ${cluster.about.label} is connected.`,
        next: ['Start bacalhau on the nodes, or change cluster.nodes when it selects none.'],
        kind: 'unreachable',
      })
    return `${connected} of ${all.length} connected at ${cluster.about.label}`
  } finally {
    await cluster.close()
  }
}

const filesOf = async (folder: string, epoch: string): Promise<number> => {
  const names = await readdir(join(folder, epoch)).catch(() => [])
  return names.filter((name) => name.endsWith('.parquet') && !name.startsWith('.')).length
}

const warehouse = async (call: Call, config: Config): Promise<string> => {
  const dataset = join(config.warehouse.path, config.bigquery.dataset_name)
  if ((await stat(dataset).catch(() => undefined)) === undefined) return `${dataset}, made at the first run`
  const opened = await openWarehouseOf(config, call)
  try {
    const options = { signal: call.context.signal, deadlineMs: 15_000 }
    const { epoch } = await opened.confirm(tables, options)
    const status = await opened.status(options)
    const stray = status.find((table) => table.strays > 0)
    if (stray !== undefined)
      throw new AppError({
        what: `${stray.table} holds ${formatCount(stray.strays)} rows of another generation.`,
        next: ['bbq reset empties the tables.'],
      })
    for (const { table } of status) {
      const name = table === 'log_results' ? config.bigquery.table_name : table
      const files = await filesOf(join(dataset, name), epoch)
      if (files > manyFiles)
        throw new AppError({
          what: `${table} has ${formatCount(files)} files; above ${formatCount(manyFiles)} queries grow slow.`,
          next: ['bbq reset starts a new generation.', 'Keep running at a slower pace, such as --every 1m.'],
        })
    }
    return `${opened.about.label}, ${formatCount(status.reduce((sum, table) => sum + table.rows, 0))} rows`
  } finally {
    await opened.close()
  }
}

export const doctorChecks: readonly DoctorCheck[] = [
  { id: 'node', title: 'Node', run: async (call) => `${process.versions.node} (${call.context.nodePath})` },
  { id: 'parts', title: 'Programs', run: parts },
  { id: 'config', title: 'Config', run: supported },
  { id: 'state', title: 'State folder', run: state },
  { id: 'nodes', title: 'Nodes', run: nodes },
  { id: 'warehouse', title: 'Warehouse', run: warehouse },
]
