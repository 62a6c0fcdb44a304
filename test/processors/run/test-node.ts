import { randomBytes } from 'node:crypto'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { paramsSchema } from '../../../processors/params.ts'
import { type RunOptions, runStage } from '../../../processors/run/run-stage.ts'
import { emptyTally, type Tally } from '../../../processors/run/tally.ts'
import type { NodeIdentity } from '../../../src/core/node.ts'
import { initialRules, openStandIn, type StandInRow, standInStage } from './stand-in.ts'

export const epoch = 'abcd1234'

const identity: NodeIdentity = {
  id: 'node-1',
  provider: 'aws',
  region: 'us-east-1',
  hostname: 'host-1',
  public_ip: '203.0.113.7',
  private_ip: '10.0.0.7',
}

export interface TestNode {
  readonly data: string
  readonly dataset: string
  readonly log: string
  readonly flags: readonly string[]
  remove(): void
}

/** A node's data folder with its node.json, and a dataset beside it. */
export const makeNode = (): TestNode => {
  const root = mkdtempSync(join(tmpdir(), 'bbq-run-'))
  const data = join(root, 'data')
  const dataset = join(root, 'dataset')
  mkdirSync(join(data, '.bbq'), { recursive: true })
  mkdirSync(dataset)
  writeFileSync(join(data, '.bbq', 'node.json'), JSON.stringify(identity))
  writeFileSync(join(dataset, 'epoch'), epoch)
  const flags = ['--stage', 'raw', '--epoch', epoch, '--data', data, '--sink', `folder:${dataset}`]
  const remove = (): void => rmSync(root, { recursive: true, force: true })
  return { data, dataset, log: join(data, 'access.log'), flags, remove }
}

/** Runs a stage in this process, with the stand-in where nothing else is said. */
export const runHere = async (
  node: TestNode,
  given: { readonly [name: string]: unknown } = {},
  parts: Partial<RunOptions> = {},
): Promise<Tally> => {
  const sink = `folder:${node.dataset}`
  const params = paramsSchema.parse({ stage: 'raw', epoch, data: node.data, sink, ...given })
  let tally = emptyTally(standInStage)
  await runStage({
    params,
    stage: standInStage,
    node: identity,
    initialRules,
    openChunkProcessor: openStandIn,
    host: hostname(),
    pid: process.pid,
    writer: randomBytes(8).toString('hex'),
    now: () => 1_700_000_000_000,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onNotice: () => undefined,
    ...parts,
    onTally: (newest) => {
      tally = newest
    },
  })
  return tally
}

/** Every row that the stand-in has loaded. */
export const rowsOf = (node: TestNode): readonly StandInRow[] =>
  globSync(`raw_logs/${epoch}/*.parquet`, { cwd: node.dataset })
    .flatMap((file) => readFileSync(join(node.dataset, file), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as StandInRow)
    .sort((a, b) => a.position - b.position)

export const linesOf = (node: TestNode): readonly string[] => rowsOf(node).map(({ line }) => line)
