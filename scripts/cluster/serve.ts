import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { mustBeFree } from './machine.ts'
import { mountPoint, type NodePlan } from './plan.ts'
import { endDaemon, startDaemon } from './process.ts'
import { type ClusterState, daemonOf, forgetDaemon, lastLine, logFile, rememberDaemon } from './state.ts'
import type { Steps } from './step.ts'
import { until } from './wait.ts'

export const orchestrator = 'orchestrator'

const ports = ({ plan }: ClusterState): readonly { readonly name: string; readonly ports: readonly number[] }[] => [
  { name: orchestrator, ports: [plan.port, plan.natsPort] },
  ...plan.nodes.map(({ name, apiPort, publisherPort }) => ({ name, ports: [apiPort, publisherPort] })),
]

/** Throws an AppError when a port of something that is to be started is taken. */
export const checkPorts = async (state: Pick<ClusterState, 'plan'>): Promise<void> => {
  for (const one of ports({ ...state, cli: '' })) {
    if (daemonOf(state.plan, one.name) !== undefined) continue
    for (const port of one.ports) await mustBeFree(port, one.name)
  }
}

const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(BACALHAU|DOCKER)_/.test(name))),
  // it would ask the network for credentials of a cloud
  AWS_EC2_METADATA_DISABLED: 'true',
  LOG_LEVEL: 'info',
})

const settings = (values: Readonly<Record<string, string | number>>): readonly string[] =>
  Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`])

const serveArguments = ({ plan }: ClusterState, name: string, more: Readonly<Record<string, string | number>>) => [
  ...['serve', '--name', name, '--data-dir', join(plan.dir, 'bacalhau', name)],
  ...settings({
    DisableAnalytics: 'true',
    'UpdateConfig.Interval': '0s',
    'API.Host': '127.0.0.1',
    // the orchestrator's own client too: it would dial 127.0.0.1:4222 otherwise, which may be another cluster
    'Compute.Orchestrators': `nats://127.0.0.1:${plan.natsPort}`,
    ...more,
  }),
]

const start = (state: ClusterState, name: string, command: readonly string[], env: NodeJS.ProcessEnv): void => {
  const { plan } = state
  const [program = '', ...args] = command
  rmSync(join(plan.dir, 'bacalhau', name, 'bacalhau.run'), { force: true })
  // a folder without a `.env` of somebody else's
  const cwd = join(plan.dir, 'cwd')
  rememberDaemon(plan, name, startDaemon(program, args, { env, cwd, log: logFile(plan, name) }))
}

const isUp = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

/** Starts the orchestrator unless it runs, and returns once its API answers. */
export const startOrchestrator = async (state: ClusterState, steps: Steps): Promise<void> => {
  const { plan, cli } = state
  if (daemonOf(plan, orchestrator) === undefined) {
    const args = serveArguments(state, orchestrator, {
      'API.Port': plan.port,
      'Orchestrator.Host': '127.0.0.1',
      'Orchestrator.Port': plan.natsPort,
    })
    start(state, orchestrator, [cli, ...args, '--orchestrator'], environment())
    steps.onFailure(() => stopServe(state, orchestrator))
  }
  const log = logFile(plan, orchestrator)
  const failed = () =>
    new AppError({ what: 'The orchestrator did not start.', why: lastLine(log), next: [`Read ${log}`] })
  await until(
    30_000,
    () => {
      if (daemonOf(plan, orchestrator) === undefined) throw failed()
      return isUp(`http://127.0.0.1:${plan.port}/api/v1/agent/alive`)
    },
    failed,
    steps.signal,
  )
}

/** Starts the Bacalhau of a node unless it runs, beside the node's Docker and its disk; does not wait for its connection. */
export const startCompute = (state: ClusterState, node: NodePlan): void => {
  const { plan, cli } = state
  if (daemonOf(plan, node.name) !== undefined) return
  const docker = daemonOf(plan, `docker-${node.name}`)
  if (docker === undefined)
    throw new AppError({
      what: `${node.name} has no Docker.`,
      next: ['Start the cluster again: npm run cluster -- up'],
    })
  const args = serveArguments(state, node.name, {
    'API.Port': node.apiPort,
    Labels: `cloud_provider=${node.cloud},region=${node.region}`,
    'Compute.AllowListedLocalPaths': `${mountPoint}/**:rw,${plan.shared}/**:rw`,
    // each node offers all processors: a stage and a log generator fit side by side, as on a machine of its own
    'Compute.AllocatedCapacity.CPU': '100%',
    'Compute.AllocatedCapacity.Memory': `${Math.floor(75 / plan.nodes.length)}%`,
    'Publishers.Types.Local.Port': node.publisherPort,
    'Publishers.Types.Local.Address': '127.0.0.1',
    'Engines.Disabled': 'wasm',
    'Publishers.Disabled': 's3,s3managed',
    'InputSources.Disabled': 's3',
  })
  const inside = ['nsenter', `--mount=/proc/${docker.pid}/ns/mnt`, `--wd=${join(plan.dir, 'cwd')}`]
  const env = { ...environment(), DOCKER_HOST: `unix://${node.socket}` }
  start(state, node.name, [...inside, cli, ...args, '--compute'], env)
}

export const stopServe = async ({ plan }: Pick<ClusterState, 'plan'>, name: string): Promise<void> => {
  const daemon = daemonOf(plan, name)
  if (daemon !== undefined) await endDaemon(daemon)
  forgetDaemon(plan, name)
}
