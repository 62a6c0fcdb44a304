import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { parseLine } from '../../processors/formats/parse-line.ts'
import { nodeData, realCluster, stopJobs } from './cluster.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const program = join(dist, 'main.js')

export interface Outcome {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

interface Started {
  readonly pid: number
  readonly done: Promise<Outcome>
}

export interface Workplace {
  /** Holds config.yaml, and the state folder once there is one. */
  readonly folder: string
  /** Runs a verb to its end. */
  readonly bbq: (...args: readonly string[]) => Promise<Outcome>
  /** Starts a verb and does not wait for it. */
  readonly start: (...args: readonly string[]) => Started
  readonly close: () => Promise<void>
}

let places = 0

/** A folder from which bbq drives the real cluster, with a warehouse of its own in the shared folder. */
export const openWorkplace = async (): Promise<Workplace> => {
  const folder = await mkdtemp(join(tmpdir(), 'bbq-real-'))
  const { config, env } = realCluster()
  await writeFile(join(folder, 'config.yaml'), config(`warehouse-${process.pid}-${++places}`))
  const start = (...args: readonly string[]): Started => {
    const child = execa(process.execPath, [program, ...args], {
      cwd: folder,
      env,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: 280_000,
    })
    return {
      pid: child.pid ?? 0,
      done: child.then(({ exitCode, stdout, stderr }) => ({ code: exitCode, stdout, stderr })),
    }
  }
  return {
    folder,
    start,
    bbq: (...args) => start(...args).done,
    close: async () => {
      await stopJobs()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Removes what earlier tests left on the nodes: logs, checkpoints, what preparation put there. */
export const emptyNodes = (nodes: readonly string[] = realCluster().nodes): void => {
  for (const node of nodes)
    for (const name of readdirSync(nodeData(node))) rmSync(join(nodeData(node), name), { recursive: true, force: true })
}

/** Fills the log of every node with that many lines. */
export const fillLogs = (lines: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const folder = mkdtempSync(join(tmpdir(), 'bbq-plan-'))
    const plan = join(folder, 'plan.json')
    const nodes = realCluster().nodes.map((id) => ({ id, file: join(nodeData(id), 'access.log') }))
    writeFileSync(plan, JSON.stringify({ nodes, seed: 7, lines, until: Date.now() }))
    execFile(process.execPath, [join(dist, 'generate.mjs'), 'fill', '--plan', plan], (error) => {
      rmSync(folder, { recursive: true })
      if (error === null) resolve()
      else reject(error)
    })
  })

export interface LineCounts {
  /** Lines with anything in them: each is a row of raw_logs. */
  readonly lines: number
  /** Lines that parse: each is a row of log_results. */
  readonly parsed: number
}

/** By node, what its log holds, counted line by line. */
export const countLogs = (): Readonly<Record<string, LineCounts>> =>
  Object.fromEntries(
    realCluster().nodes.map((node) => {
      const lines = linesOf(readFileSync(join(nodeData(node), 'access.log'))).filter(({ length }) => length > 0)
      return [node, { lines: lines.length, parsed: lines.filter((line) => parseLine(line).ok).length }]
    }),
  )

const linesOf = (log: Buffer): readonly Buffer[] => {
  const lines: Buffer[] = []
  for (let from = 0; from < log.length; ) {
    const at = log.indexOf(10, from)
    const to = at === -1 ? log.length : at
    lines.push(log.subarray(from, log[to - 1] === 13 ? to - 1 : to))
    from = to + 1
  }
  return lines
}

/** By node, distinct ids and rows of a table. */
export const idsOf = async (
  { bbq }: Pick<Workplace, 'bbq'>,
  table: string,
  where = 'true',
): Promise<Readonly<Record<string, { readonly ids: number; readonly rows: number }>>> => {
  const sql = `SELECT nodeName, count(DISTINCT remote_log_id), count(*) FROM ${table} WHERE ${where} GROUP BY 1 ORDER BY 1`
  const { stdout, stderr, code } = await bbq('query', sql, '--json')
  if (code !== 0) throw new Error(stderr)
  const { rows } = JSON.parse(stdout) as { readonly rows: readonly (readonly [string, number, number])[] }
  return Object.fromEntries(rows.map(([node, ids, all]) => [node, { ids, rows: all }]))
}

interface RunJson {
  readonly nodes: readonly { readonly id: string; readonly state: string; readonly error: string | null }[]
}

/** What `bbq run STAGE --json` says of every node. */
export const nodesOf = ({ stdout }: Outcome): Readonly<Record<string, { state: string; reason: string }>> =>
  Object.fromEntries(
    (JSON.parse(stdout) as RunJson).nodes.map(({ id, state, error }) => [id, { state, reason: error ?? '' }]),
  )
