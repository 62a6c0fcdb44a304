import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Option } from 'commander'
import { failNode, healNode, nodeFailureSchema, readFailure } from '../cluster/sandbox/fail.ts'
import type { Config } from '../config/config.ts'
import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import { formatBytes, formatCount } from '../core/format.ts'
import { jsonText } from '../core/json.ts'
import { type ClusterNode, providerNames } from '../core/node.ts'
import { idList } from './id-list.ts'
import { takeLock } from './lock.ts'
import { openClusterOf } from './open-ports.ts'
import { configOf } from './options.ts'
import { prepare } from './prepare.ts'
import { textTable } from './text-table.ts'
import type { Call, Verb } from './verb.ts'

const kinds = nodeFailureSchema.options.map((option) => option.shape.kind.value)

const nodeDir = async (call: Call, id: string): Promise<string> => {
  const config = configOf(call, call.context.env)
  const folder = join(call.stateDir, 'nodes')
  if (config.cluster.kind !== 'sandbox')
    throw new AppError({
      what: `The node ${id} cannot be told to fail: the cluster is ${config.cluster.kind}.`,
      why: 'Only simulated nodes can.',
      next: ['Add --cluster-kind sandbox to speak of the simulated nodes.'],
      kind: 'usage',
    })
  const known = existsSync(folder) ? await readdir(folder) : []
  if (known.includes(id)) return join(folder, id)
  const nearest = nearestPath(id, known)
  throw new AppError({
    what: `There is no simulated node ${id} in ${call.stateDir}.`,
    ...(nearest === undefined ? {} : { why: `The nearest one is ${nearest}.` }),
    next: [known.length === 0 ? 'Run bbq or bbq nodes first: it makes them.' : 'bbq nodes lists them.'],
    kind: 'usage',
  })
}

/** Nodes that are not there yet are made by one program at a time. */
const lockToMake = (call: Call, config: Config): (() => void) | undefined =>
  config.cluster.kind === 'sandbox' && !existsSync(join(call.stateDir, 'nodes'))
    ? takeLock(call.stateDir, { command: 'bbq nodes', now: call.context.now() })
    : undefined

const list = async (call: Call): Promise<number> => {
  const config = configOf(call, call.context.env)
  const release = lockToMake(call, config)
  try {
    return await printNodes(call, config)
  } finally {
    release?.()
  }
}

const printNodes = async (call: Call, config: Config): Promise<number> => {
  const cluster = await openClusterOf(config, call, { fresh: false, live: false })
  try {
    const nodes = await cluster.nodes({ signal: call.context.signal, deadlineMs: 30_000 })
    const failing = await Promise.all(nodes.map((node) => readFailure(join(call.stateDir, 'nodes', node.id))))
    if (call.json) call.print(jsonText({ cluster: cluster.about.label, nodes: nodes.map(toJson) }, 2))
    else
      call.print(
        textTable(
          [
            { title: 'node' },
            { title: 'cloud' },
            { title: 'region' },
            { title: 'state' },
            { title: 'log', right: true },
            { title: 'lines', right: true },
            { title: 'told to' },
          ],
          nodes.map((node, i) => [
            node.id,
            providerNames[node.provider],
            node.region,
            node.state,
            node.log === undefined ? '—' : formatBytes(node.log.bytes),
            node.log?.lines === undefined ? '—' : formatCount(node.log.lines),
            failing[i] === undefined ? '' : `fail (${failing[i].kind})`,
          ]),
        ),
      )
    return 0
  } finally {
    await cluster.close()
  }
}

const toJson = (node: ClusterNode): unknown => ({
  id: node.id,
  provider: node.provider,
  region: node.region,
  state: node.state,
  lost_since: node.lostSince === undefined ? null : new Date(node.lostSince).toISOString(),
  cpu: node.cpu ?? null,
  memory_bytes: node.memoryBytes ?? null,
  labels: node.labels,
  log: node.log === undefined ? null : { path: node.log.path, bytes: node.log.bytes, lines: node.log.lines ?? null },
})

const fail = async (
  call: Call,
  id: string,
  given: { readonly reason?: string; readonly how: string },
): Promise<number> => {
  const failure = nodeFailureSchema.parse({
    kind: given.how,
    ...(given.reason === undefined ? {} : { reason: given.reason }),
  })
  await failNode(await nodeDir(call, id), failure)
  if (call.json) call.print(jsonText({ id, failure }))
  call.say(`${id} fails from its next run on. bbq nodes heal ${id} lets it work again.`)
  return 0
}

const heal = async (call: Call, id: string): Promise<number> => {
  await healNode(await nodeDir(call, id))
  if (call.json) call.print(jsonText({ id, failure: null }))
  call.say(`${id} works again.`)
  return 0
}

/** `bbq nodes`: lists the nodes; `prepare` makes those of a cluster ready; `fail` and `heal` rehearse the failure of a simulated one. */
export const nodesVerb: Verb = (program, act) => {
  const nodes = program
    .command('nodes')
    .description('the nodes; prepare makes them ready, fail and heal rehearse a failure')
    .action(act(list))
  nodes
    .command('fail')
    .description('tell a simulated node to fail from its next run on')
    .argument('<id>', 'node')
    .option('--reason <text>', 'what it says when it fails')
    .addOption(new Option('--how <kind>', 'how it fails').choices(kinds).default('exit'))
    .action(act(fail))
  nodes
    .command('prepare')
    .description('give the nodes of a cluster what a stage needs; those that have it are left alone')
    .option('--nodes <ids>', 'only these nodes, such as aws-1,gcp-2', idList)
    .option('--rotate', "new key pairs, and the uploader's key sealed anew")
    .option('--remove', 'take it all away again; logs and checkpoints stay')
    .option('--yes', 'do not ask')
    .action(act(prepare))
  nodes.command('heal').description('let it work again').argument('<id>', 'node').action(act(heal))
}
