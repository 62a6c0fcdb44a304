import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type EdgeLine, edgeLineSchema } from '../../../src/core/edge.ts'
import type { TestNode } from '../run/test-node.ts'

const program = fileURLToPath(new URL('../../../processors/run.ts', import.meta.url))

export interface Said {
  readonly code: number | null
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  readonly end: Extract<EdgeLine, { type: 'end' }> | undefined
  readonly error: Extract<EdgeLine, { type: 'error' }> | undefined
  readonly stdout: string
  readonly stderr: string
}

interface HowToRun {
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  readonly input?: string
}

/** Starts the program of a node with the verb `edge`. */
export const startEdge = (flags: readonly string[], { env = {}, uid }: HowToRun = {}): ChildProcess =>
  spawn(process.execPath, [program, 'edge', ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })

/** What it said, once it has ended. */
export const saidBy = async (child: ChildProcess, input = ''): Promise<Said> => {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin?.on('error', () => undefined).end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => edgeLineSchema.parse(JSON.parse(line)))
  const columns = lines.find((line) => line.type === 'columns')
  return {
    code,
    columns: columns?.columns.map(({ name, type }) => `${name} ${type}`) ?? [],
    rows: lines.flatMap((line) => (line.type === 'row' ? [line.values] : [])),
    end: lines.find((line) => line.type === 'end'),
    error: lines.find((line) => line.type === 'error'),
    stdout,
    stderr,
  }
}

/** Puts a query to a node's log by a real child process. */
export const askLog = (node: TestNode, sql: string, flags: readonly string[] = [], how: HowToRun = {}): Promise<Said> =>
  saidBy(startEdge(['--data', node.data, `--sql=${sql}`, ...flags], how))

/** A line of an access log. */
export const logLine = (i: number, status = 200, path = `/p/${i}`): string =>
  `198.51.100.${i % 250} - user-${i % 3} [2026-11-24T10:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}.250Z] "GET ${path} HTTP/1.1" ${status} ${100 + i} "-" "curl/8"\n`

/** Lines from one number up to another. */
export const logLines = (from: number, to: number, status?: (i: number) => number): string =>
  Array.from({ length: to - from }, (_, i) => logLine(from + i, status?.(from + i))).join('')
