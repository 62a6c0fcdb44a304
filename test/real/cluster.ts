import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { inject } from 'vitest'
import { waitConnected as waitForNodes } from '../../scripts/cluster/connected.ts'
import { removeContainers, docker as runDocker } from '../../scripts/cluster/docker.ts'
import { image } from '../../scripts/cluster/images.ts'
import { dockerName } from '../../scripts/cluster/node.ts'
import type { NodePlan } from '../../scripts/cluster/plan.ts'
import { killDaemon } from '../../scripts/cluster/process.ts'
import { startCompute } from '../../scripts/cluster/serve.ts'
import { daemonOf } from '../../scripts/cluster/state.ts'
import { until } from '../../scripts/cluster/wait.ts'
import { AppError } from '../../src/core/errors.ts'

export interface RealCluster {
  /** host:port of the API. */
  readonly api: string
  /** Path of the `bacalhau` program; its folder is on the PATH of `env`. */
  readonly cli: string
  /** Whole environment for a child process: bbq and the CLI find nothing of the person's own in it. */
  readonly env: Readonly<Record<string, string>>
  readonly nodes: readonly string[]
  /** A folder with the same path here and on every node; jobs may mount it and what is below. */
  readonly shared: string
  /** The one image that the nodes have. */
  readonly image: string
  /** A config.yaml for bbq, with its warehouse in that folder below the shared one. */
  readonly config: (warehouse: string) => string
}

/** The cluster that this run of the tests has for itself. */
export const realCluster = (): RealCluster => {
  const { plan, cli } = inject('cluster')
  const api = `127.0.0.1:${plan.port}`
  return {
    api,
    cli,
    env: {
      ...ownEnvironment(),
      PATH: `${dirname(cli)}:${process.env['PATH']}`,
      BACALHAU_DIR: join(tmpdir(), 'bacalhau'),
    },
    nodes: plan.nodes.map(({ name }) => name),
    shared: plan.shared,
    image,
    config: (warehouse) => {
      const path = JSON.stringify(`${plan.shared}/${warehouse}`)
      return `cluster:\n  kind: bacalhau\n  api: ${api}\nwarehouse:\n  kind: duckdb\n  path: ${path}\n  node_path: ${path}\n`
    },
  }
}

const ownEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(BACALHAU_|BBQ_|VITEST)/.test(name) ? [] : [[name, value] as const],
    ),
  )

const nodePlan = (name: string): NodePlan => {
  const found = inject('cluster').plan.nodes.find((node) => node.name === name)
  if (found === undefined) throw new Error(`there is no node ${name}`)
  return found
}

/** The folder here that is /bacalhau_data on that node. */
export const nodeData = (name: string): string => nodePlan(name).data

/** SIGKILL for a node's Bacalhau; its containers and its disk stay. The orchestrator calls it disconnected after some 80 seconds. */
export const killNode = async (name: string): Promise<void> => {
  const daemon = daemonOf(inject('cluster').plan, nodePlan(name).name)
  if (daemon === undefined) throw new Error(`${name} does not run`)
  await killDaemon(daemon)
}

/** Starts a killed node again; its return is awaited with `waitConnected`. */
export const startNode = (name: string): void => startCompute(inject('cluster'), nodePlan(name))

/** Returns once all nodes are connected. */
export const waitConnected = (ms?: number): Promise<void> => waitForNodes(inject('cluster').plan, ms)

/** Runs the Docker CLI on a node, for example `docker('aws-1', ['ps', '-q'])`; returns its stdout. */
export const docker = (name: string, args: readonly string[]): Promise<string> =>
  runDocker(nodePlan(name).socket, args, { signal: AbortSignal.timeout(60_000) })

/** The id of a container that runs on that node, and whose command holds the text, once there is one; throws after 20 s. */
export const containerOn = async (name: string, text = ''): Promise<string> => {
  let ids: readonly string[] = []
  const runs = async (): Promise<boolean> => {
    const lines = (await docker(name, ['ps', '--no-trunc', '--format', '{{.ID}} {{.Command}}'])).split('\n')
    ids = lines.filter((line) => line !== '' && line.includes(text)).map((line) => line.split(' ')[0] ?? '')
    return ids.length > 0
  }
  await until(20_000, runs, () => new AppError({ what: `No container runs on ${name}.` }))
  return ids[0] ?? ''
}

/** Runs the Bacalhau CLI; returns its stdout. */
export const bacalhau = async (args: readonly string[], input?: string): Promise<string> => {
  const { cli, api, env } = realCluster()
  const [host = '', port = ''] = api.split(':')
  const { stdout } = await execa(cli, args, {
    env: {
      ...env,
      BACALHAU_API_HOST: host,
      BACALHAU_API_PORT: port,
      LOG_LEVEL: 'fatal',
      BACALHAU_UPDATECONFIG_INTERVAL: '0s',
    },
    extendEnv: false,
    cwd: inject('cluster').plan.dir,
    timeout: 30_000,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  })
  return stdout
}

/** Ends every job and every container, so that the nodes are free for the next test. */
export const stopJobs = async (): Promise<void> => {
  const jobs = JSON.parse(await bacalhau(['job', 'list', '--limit', '0', '--output', 'json'])) as
    | readonly { readonly ID: string; readonly State: { readonly StateType: string } }[]
    | null
  const open = (jobs ?? []).filter(({ State }) => !['Completed', 'Failed', 'Stopped'].includes(State.StateType))
  await Promise.all(open.map(({ ID }) => bacalhau(['job', 'stop', ID, '--quiet']).catch(() => {})))
  await Promise.all(inject('cluster').plan.nodes.map(({ socket }) => removeContainers(socket)))
}

/** While it works, /bacalhau_data is one node's folder on another node as well, as when both mount one disk. */
export const withFolderOf = async (node: string, other: string, work: () => Promise<void>): Promise<void> => {
  const docker = daemonOf(inject('cluster').plan, dockerName(nodePlan(node)))
  const inside = ['--mount', '--target', `${docker?.pid}`]
  await execa('nsenter', [...inside, 'mount', '--bind', nodeData(other), '/bacalhau_data'])
  try {
    await work()
  } finally {
    await execa('nsenter', [...inside, 'umount', '/bacalhau_data'])
  }
}
