import type { Cluster } from '../../cluster/cluster.ts'
import type { Config } from '../../config/config.ts'
import { unsupported } from '../../config/supported.ts'
import { AppError } from '../../core/errors.ts'
import type { ClusterNode } from '../../core/node.ts'
import { tables } from '../../core/tables.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import type { Context, Session } from '../context.ts'
import { metered } from '../cost/metered.ts'
import type { Ports } from '../ports.ts'
import { describeProof, proveFolder } from '../prepare/prove-folder.ts'
import type { NodeReadiness } from '../prepare/readiness.ts'
import { toProblem } from '../problem.ts'
import { abandoned, parseRuns, type RunsFile } from '../runs-file.ts'
import type { Check, ChoiceId, StageRun } from '../state.ts'
import { describeReadiness } from './check-prepared.ts'
import { lookAtNodes, prepareParts } from './look-at-nodes.ts'
import { openLooks } from './look-at-setup.ts'

const openMs = 120_000
const callMs = 30_000

const allChecks: readonly Check[] = [
  { id: 'config', title: 'Config', state: 'waiting' },
  { id: 'cluster', title: 'Cluster', state: 'waiting' },
  { id: 'nodes', title: 'Nodes connected', state: 'waiting' },
  { id: 'prepared', title: 'Nodes prepared', state: 'waiting' },
  { id: 'logs', title: 'Logs on the nodes', state: 'waiting' },
  { id: 'folder', title: 'Shared folder', state: 'waiting' },
  { id: 'warehouse', title: 'Warehouse', state: 'waiting' },
  { id: 'tables', title: 'Tables', state: 'waiting' },
]

/** Simulated nodes are made ready when they are made, and lie on this machine. */
const checksFor = ({ config, ports }: Pick<Context, 'config' | 'ports'>): readonly Check[] => {
  const onCluster = config().cluster.kind === 'bacalhau'
  return allChecks.filter(({ id }) =>
    id === 'prepared' ? onCluster : id === 'folder' ? onCluster && sharesFolder(config(), ports) : true,
  )
}

const sharesFolder = ({ warehouse }: Config, { proofFolder }: Ports): boolean =>
  warehouse.kind === 'duckdb' && proofFolder !== undefined

interface Found<T> {
  readonly value: T
  readonly detail: string
}

/** Runs one check of the list; a failure is both shown there and thrown. */
const check = async <T>(context: Context, id: string, find: () => Promise<Found<T>>): Promise<T> => {
  const title = allChecks.find((one) => one.id === id)?.title ?? id
  const startedAt = context.ports.clock()
  context.put({ type: 'check/changed', check: { id, title, state: 'running', startedAt } })
  try {
    const { value, detail } = await find()
    context.put({ type: 'check/changed', check: { id, title, state: 'ok', detail, startedAt } })
    return value
  } catch (thrown) {
    const problem = toProblem(thrown)
    context.put({ type: 'check/changed', check: { id, title, state: 'problem', problem, startedAt } })
    throw thrown
  }
}

const connected = (nodes: readonly ClusterNode[]): Found<readonly ClusterNode[]> => {
  const here = nodes.filter(({ state }) => state === 'connected')
  if (here.length === 0)
    throw new AppError({
      what: nodes.length === 0 ? 'The cluster has no nodes.' : `None of the ${nodes.length} nodes is connected.`,
      next: ['Start a node, or choose others with cluster.nodes, then check again with r.'],
      kind: 'unreachable',
    })
  return { value: nodes, detail: `${here.length} of ${nodes.length}` }
}

const withLogs = (nodes: readonly ClusterNode[], needed: boolean, real: boolean): Found<undefined> => {
  const known = nodes.filter(({ log }) => log !== undefined)
  const empty = known.filter(({ log }) => log?.bytes === 0).map(({ id }) => id)
  if (needed && known.length > 0 && empty.length === known.length)
    throw new AppError({
      what: 'No node has a log with anything in it.',
      next: [
        ...(real
          ? ['L starts the log generator on the nodes, and asks first.', 'Without the screen: bbq logs start']
          : []),
        'Or name another file below the data folder with logs.path.',
      ],
    })
  return {
    value: undefined,
    detail:
      known.length === 0
        ? 'seen when a stage runs'
        : `on ${known.length - empty.length} of ${nodes.length}${empty.length > 0 ? `, none on ${empty.join(', ')}` : ''}`,
  }
}

const prepared = (
  context: Context,
  cluster: Cluster,
  rows: readonly ClusterNode[],
): Promise<readonly NodeReadiness[]> =>
  check(context, 'prepared', async () => {
    const value = await lookAtNodes(context, cluster, rows)
    return { value, detail: describeReadiness(value) }
  })

/** A DuckDB warehouse lies in a folder that this machine and its nodes share: a job proves it. */
const folderProved = (context: Context, cluster: Cluster, rows: readonly ClusterNode[]): Promise<undefined> =>
  check(context, 'folder', async () => {
    const parts = prepareParts(context, cluster)
    const { proofFolder: folder } = context.ports
    if (folder === undefined) return { value: undefined, detail: '' }
    const proofs = await context.calls.call('Looking at the shared folder', openMs, (call) =>
      proveFolder({ ...parts, folder }, rows, call),
    )
    return { value: undefined, detail: describeProof(context.config(), proofs) }
  })

/** Nodes with the logs that were found on them, where the cluster itself cannot look. */
const logsOf = (rows: readonly ClusterNode[], readiness: readonly NodeReadiness[]): readonly ClusterNode[] =>
  rows.map((row) => {
    const found = readiness.find(({ id }) => id === row.id)?.found
    return found === undefined ? row : { ...row, log: { path: '', bytes: found.log.bytes, tail: [] } }
  })

export interface OpenOptions {
  readonly chosen: ChoiceId
  readonly fresh: boolean
  readonly live: boolean
}

/** What opens after it was given up is closed again at once. */
const closeIfLate = async <T extends { readonly close: () => Promise<void> }>(
  signal: AbortSignal,
  opening: Promise<T>,
): Promise<T> => {
  const opened = await opening
  if (signal.aborted) await opened.close()
  return opened
}

const openCluster = async (context: Context, options: OpenOptions): Promise<Cluster> => {
  const { calls, ports } = context
  const config = context.config()
  const { fresh, live } = options
  const cluster = await check(context, 'cluster', async () => {
    const value = await calls.call('Opening the cluster', openMs, ({ signal }) =>
      closeIfLate(signal, ports.openCluster({ config, fresh, live, signal })),
    )
    const { label, access } = value.about
    return { value, detail: access === undefined ? label : `${label}, ${access}` }
  })
  try {
    const rows = await check(context, 'nodes', async () =>
      connected(await calls.call('The cluster', callMs, (call) => cluster.nodes(call))),
    )
    context.put({ type: 'nodes/received', rows, now: ports.clock(), missed: false })
    const readiness = cluster.about.kind === 'bacalhau' ? await prepared(context, cluster, rows) : []
    if (cluster.about.kind === 'bacalhau' && sharesFolder(config, ports)) await folderProved(context, cluster, rows)
    await check(context, 'logs', async () =>
      withLogs(logsOf(rows, readiness), cluster.about.ownFiles !== true, cluster.about.kind === 'bacalhau'),
    )
    return cluster
  } catch (thrown) {
    await cluster.close()
    throw thrown
  }
}

const openWarehouse = async (
  context: Context,
  { fresh }: OpenOptions,
): Promise<{ readonly warehouse: Warehouse; readonly epoch: string }> => {
  const { calls, ports } = context
  const config = context.config()
  const warehouse = await check(context, 'warehouse', async () => {
    const value = await calls.call('Opening the warehouse', openMs, ({ signal }) =>
      closeIfLate(signal, ports.openWarehouse({ config, signal })),
    )
    return { value: metered(value, context.ledger), detail: value.about.label }
  })
  const looks = await openLooks(context).catch(async (thrown: unknown) => {
    await warehouse.close()
    throw thrown
  })
  try {
    await looks.before()
    const epoch = await check(context, 'tables', async () => {
      const confirmed = await calls.call('The warehouse', callMs, (call) => warehouse.confirm(tables, call))
      const made = confirmed.created.length
      const value = fresh
        ? (await calls.call('The warehouse', callMs, (call) => warehouse.reset(call))).epoch
        : confirmed.epoch
      const detail = `${tables.length} of ${tables.length}${made > 0 ? `, ${made} made just now` : ''}`
      return { value, detail }
    })
    await looks.after()
    return { warehouse, epoch }
  } catch (thrown) {
    await warehouse.close()
    throw thrown
  } finally {
    looks.close()
  }
}

const openBoth = async (context: Context, options: OpenOptions): Promise<Session> => {
  const [cluster, warehouse] = await Promise.allSettled([
    openCluster(context, options),
    openWarehouse(context, options),
  ])
  if (cluster.status === 'fulfilled' && warehouse.status === 'fulfilled')
    return { cluster: cluster.value, ...warehouse.value }
  if (cluster.status === 'fulfilled') await cluster.value.close()
  if (warehouse.status === 'fulfilled') await warehouse.value.warehouse.close()
  throw cluster.status === 'rejected' ? cluster.reason : warehouse.status === 'rejected' ? warehouse.reason : undefined
}

/** Runs of an earlier session; a job can be followed again only on the cluster that it was sent to. */
const restoredRuns = (file: RunsFile | undefined, { about }: Cluster): readonly StageRun[] =>
  (file?.runs ?? []).map((run) => {
    if (file === undefined || run.phase === 'ended') return run
    if (about.kind === 'sandbox') return abandoned(run, file.at, 'the program that ran it was killed')
    return file.cluster === undefined || file.cluster === about.label
      ? run
      : abandoned(run, file.at, `its job was sent to ${file.cluster}, which is not this cluster`)
  })

/** The day's quota is that of the project, whichever session used it. */
const goOnCounting = ({ ledger }: Context, file: RunsFile | undefined): void => {
  if (file?.loads !== undefined && ledger.loads().jobs === 0) ledger.loaded(file.loads.jobs, Date.parse(file.loads.day))
}

/** Opens cluster and warehouse, check by check; returns the earlier session's runs when they are of the same epoch. */
export const openDemo = async (context: Context, options: OpenOptions): Promise<RunsFile | undefined> => {
  const { ports } = context
  context.put({
    type: 'opening/requested',
    chosen: options.chosen,
    now: ports.clock(),
    checks: checksFor(context),
  })
  try {
    const session = await check(context, 'config', async () => {
      const refusal = unsupported(context.config())
      if (refusal !== undefined) throw refusal
      return { value: undefined, detail: context.config().file ?? 'defaults' }
    }).then(() => openBoth(context, options))
    const before = parseRuns(await ports.files.readRuns())
    goOnCounting(context, before)
    const file = options.fresh ? undefined : before
    const known = file?.epoch === session.epoch ? file : undefined
    const { cluster, warehouse, epoch } = session
    context.setSession(session)
    context.put({
      type: 'opening/succeeded',
      source: {
        cluster: cluster.about,
        warehouse: warehouse.about,
        epoch,
      },
      runs: restoredRuns(known, cluster),
      now: ports.clock(),
    })
    return known
  } catch (thrown) {
    context.put({ type: 'opening/failed', problem: toProblem(thrown) })
    throw thrown
  } finally {
    context.inbox.flush()
  }
}
