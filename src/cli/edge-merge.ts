import { Readable } from 'node:stream'
import { execa } from 'execa'
import { edgeLineSchema, type MergeLine } from '../core/edge.ts'
import { AppError, toAppError } from '../core/errors.ts'
import { jsonLine, jsonLinesIn } from '../core/json.ts'
import { shortOf } from '../core/short-of.ts'
import type { Merge } from '../engine/edge/ask-edge.ts'
import type { EdgeRelation } from '../engine/edge/relation.ts'
import { programs } from '../programs.ts'
import { withTempFolder } from './state-folder.ts'

const usualDeadlineMs = 60_000
const maxOutputBytes = 100 * 1024 * 1024

function* linesOf({ columns, rows }: EdgeRelation): Generator<string> {
  const line = (said: MergeLine): string => jsonLine(said)
  yield line({ type: 'columns', columns: [...columns] })
  for (const values of rows) yield line({ type: 'row', values })
}

const failed = (why: string, cause?: unknown): AppError =>
  new AppError({
    what: 'The answers of the nodes came, and could not be merged.',
    why,
    next: ['The relation of all answers is named edge; its first column is node.'],
    kind: 'usage',
    cause,
  })

/** Merges answers in a process of its own, by the program that also asks the nodes' logs. */
export const mergeHere =
  (nodePath: string, stateDir: string): Merge =>
  async (relation, { sql, limit }, { signal, deadlineMs = usualDeadlineMs }) => {
    const ended = await execa(nodePath, [programs.run, 'edge', '--merge', `--limit=${limit}`, `--sql=${sql}`], {
      input: Readable.from(linesOf(relation)),
      env: withTempFolder({}, stateDir),
      timeout: deadlineMs,
      forceKillAfterDelay: 500,
      cancelSignal: signal,
      maxBuffer: maxOutputBytes,
      reject: false,
    })
    if (ended.isCanceled) throw new AppError({ what: 'Stopped before it was done.', kind: 'interrupted' })
    if (ended.timedOut) throw failed(`It took longer than ${Math.round(deadlineMs / 1000)} s.`, ended)
    if (shortOf(ended.cause) !== undefined) throw toAppError(ended.cause)
    const said = jsonLinesIn(ended.stdout.split('\n'), edgeLineSchema)
    const error = said.find((line) => line.type === 'error')
    if (error !== undefined) throw failed([error.what, error.why].filter((text) => text !== undefined).join(' '), ended)
    const head = said.find((line) => line.type === 'columns')
    const end = said.find((line) => line.type === 'end')
    if (head === undefined || end === undefined) throw failed('The merging process ended early.', ended)
    const rows = said.flatMap((line) => (line.type === 'row' ? [line.values] : []))
    return { columns: head.columns, rows, truncated: end.truncated, full: end.full }
  }
