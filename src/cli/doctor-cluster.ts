import { setTimeout as sleep } from 'node:timers/promises'
import { findCli, type Link, linkTo, mustMaySubmit, serverVersionOf } from '../cluster/bacalhau/link.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Config } from '../config/config.ts'
import { waysToACluster } from '../config/supported.ts'
import { AppError } from '../core/errors.ts'
import type { ClusterNode } from '../core/node.ts'
import { inspectNodes } from '../engine/prepare/inspect-nodes.ts'
import type { PrepareParts } from '../engine/prepare/parts.ts'
import { keyFileOf } from '../engine/prepare/prepare-nodes.ts'
import { describeProof, proveFolder } from '../engine/prepare/prove-folder.ts'
import { bacalhauOptions } from './bacalhau-options.ts'
import type { DoctorCheck } from './doctor-check.ts'
import {
  type Asked,
  describeAnswers,
  describeClock,
  describeImage,
  describeLogs,
  describeMounts,
  describeNodes,
  describePrepared,
} from './doctor-nodes.ts'
import { openClusterOf } from './open-ports.ts'
import { prepareFiles } from './prepare-files.ts'
import { proofFolderFor } from './proof-folder.ts'
import { newId, runtimeHash } from './runtime.ts'
import type { Call } from './verb.ts'

/** Whoever has no CLI, or no orchestrator that answers, may have no cluster yet. */
const withWays = (thrown: unknown): never => {
  if (!(thrown instanceof AppError) || /TLS|certificate/.test(thrown.what)) throw thrown
  const { what, why, next, kind, cause } = thrown
  throw new AppError({
    what,
    next: [...next.filter((step) => !step.includes('cluster.kind')), ...waysToACluster],
    kind,
    cause,
    ...(why === undefined ? {} : { why }),
  })
}

const callMs = 15_000
const jobMs = 120_000

/** What the checks find, for those after them. */
interface Findings {
  link?: Link
  cluster?: Cluster
  nodes?: readonly ClusterNode[]
  asked?: Asked
}

const known = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('a check ran before the one that it needs')
  return value
}

export interface ClusterChecks {
  readonly checks: readonly DoctorCheck[]
  /** Whether the folder of a DuckDB warehouse is also that of the nodes. */
  readonly folder: DoctorCheck
  /** Ends what the checks opened. */
  readonly close: () => Promise<void>
}

/** The checks of a Bacalhau cluster, from the CLI on this machine to the log on a node. */
export const clusterChecks = (call: Call, config: Config): ClusterChecks => {
  const { signal, now, env } = call.context
  const found: Findings = {}
  const short = { signal, deadlineMs: callMs }
  const partsOf = async (): Promise<PrepareParts> => ({
    cluster: known(found.cluster),
    config,
    files: prepareFiles(config),
    runtime: await runtimeHash(),
    newId: () => newId(now()),
    clock: now,
    pause: (ms) => sleep(ms, undefined, { signal }),
  })

  const place = { stateDir: call.stateDir, env, bacalhau: bacalhauOptions(config) }
  const cli = async (): Promise<string> => `bacalhau ${await findCli(place, short).catch(withWays)}`
  const network = async (): Promise<string> => {
    found.link = await linkTo(place, short)
    const askedAt = now()
    const version = await serverVersionOf(found.link, short).catch(withWays)
    return `${found.link.endpoint} answers in ${now() - askedAt} ms, Bacalhau ${version}`
  }
  const access = async (): Promise<string> => {
    const link = known(found.link)
    await mustMaySubmit(link, short)
    return `${link.access}, may send jobs`
  }
  const nodes = async (): Promise<string> => {
    found.cluster = await openClusterOf(config, call, { fresh: false, live: false })
    const all = await found.cluster.nodes(short)
    if (!all.some(({ state }) => state === 'connected'))
      throw new AppError({
        what: all.length === 0 ? 'The cluster has no nodes.' : `None of ${all.length} nodes is connected.`,
        next: ['Start bacalhau on the nodes, or change cluster.nodes when it selects none.'],
        kind: 'unreachable',
      })
    found.nodes = all
    return describeNodes(all)
  }
  const job = async () => {
    const parts = await partsOf()
    const key = await keyFileOf(parts)
    const here = known(found.nodes).filter(({ state }) => state === 'connected')
    const asked = await inspectNodes(parts, here, key?.fingerprint, { signal, deadlineMs: jobMs })
    found.asked = { config, nodes: asked }
    return describeAnswers(found.asked)
  }
  const folder = async (): Promise<string> => {
    const parts = await partsOf()
    const proofs = await proveFolder({ ...parts, folder: proofFolderFor({ opening: false }) }, known(found.nodes), {
      signal,
      deadlineMs: jobMs,
    })
    return `${config.warehouse.path} here is ${config.warehouse.node_path} on ${describeProof(config, proofs)}`
  }
  const told = (describe: (asked: Asked) => ReturnType<typeof describeMounts>) => async () =>
    describe(known(found.asked))
  const someFound = (): boolean => known(found.asked).nodes.some((node) => node.found !== undefined)

  const hasAddress = config.cluster.api !== undefined || config.cluster.profile !== undefined

  return {
    checks: [
      { id: 'cli', title: 'CLI', run: cli },
      { id: 'network', title: 'Network', after: hasAddress ? 'cli' : 'config', run: network },
      { id: 'access', title: 'Access', after: 'network', run: access },
      { id: 'nodes', title: 'Nodes', after: 'access', run: nodes },
      { id: 'job', title: 'Small job', after: 'nodes', run: job },
      { id: 'mounts', title: 'Mounts', after: 'job', run: stopUnless(someFound, told(describeMounts)) },
      { id: 'image', title: 'Image', after: 'mounts', run: stopUnless(someFound, told(describeImage)) },
      { id: 'prepared', title: 'Prepared', after: 'image', run: told(describePrepared) },
      { id: 'clock', title: 'Clock', after: 'image', run: told(describeClock) },
      { id: 'logs', title: 'Logs', after: 'image', run: told(describeLogs) },
    ],
    folder: {
      id: 'folder',
      title: 'Shared folder',
      after: config.warehouse.node_path === undefined ? 'config' : 'image',
      run: folder,
    },
    close: async () => found.cluster?.close(),
  }
}

/** A fault of every node stops what comes after it; one of some nodes does not. */
const stopUnless =
  (some: () => boolean, run: DoctorCheck['run']): DoctorCheck['run'] =>
  async () => {
    const verdict = await run()
    if (typeof verdict !== 'string' && 'fault' in verdict && !some()) throw verdict.fault
    return verdict
  }
