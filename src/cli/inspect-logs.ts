import { execa } from 'execa'
import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import { jsonOf } from '../core/json.ts'
import { inspectionSchema, type LogInput, type LogInspection } from '../core/log-inspection.ts'
import { shortOf } from '../core/short-of.ts'
import type { Ports } from '../engine/ports.ts'
import { programs } from '../programs.ts'
import type { CliContext } from './context.ts'

const usualDeadlineMs = 60_000
const maxOutputBytes = 64 * 1024 * 1024

/** Looks at log files in a process of its own. */
export const inspectLogsHere =
  ({ nodePath, env }: Pick<CliContext, 'nodePath' | 'env'>, folder: string, { format, client }: Config['logs']) =>
  async (
    inputs: readonly LogInput[],
    { signal, deadlineMs = usualDeadlineMs, typed }: Parameters<Ports['inspectLogs']>[1],
  ): Promise<LogInspection> => {
    const ended = await execa(nodePath, [programs.ownLogs], {
      input: JSON.stringify({ inputs, typed, folder, home: env['HOME'] ?? folder, format, client }),
      timeout: deadlineMs,
      forceKillAfterDelay: 500,
      cancelSignal: signal,
      maxBuffer: maxOutputBytes,
      reject: false,
    })
    if (ended.isCanceled) throw new AppError({ what: 'Stopped before it was done.', kind: 'interrupted' })
    const read = inspectionSchema.safeParse(jsonOf(ended.stdout))
    if (read.success) return read.data
    throw new AppError({
      what: 'The log files could not be looked at.',
      why: ended.timedOut
        ? `It took longer than ${Math.round(deadlineMs / 1000)} s.`
        : (shortOf(ended.cause)?.[0] ?? ended.stderr.trim().split('\n').at(-1)) ||
          'The program that reads them ended early.',
      next: ['Name fewer files, or files on a faster disk, and press Enter again.'],
      cause: ended,
    })
  }
