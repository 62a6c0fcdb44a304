import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { attemptName } from '../../../src/core/dead-letter.ts'
import { claimFile } from '../../checkpoint/files.ts'
import { type Params, paramsSchema } from '../../params.ts'

/** Params that say where and how a run works, not what it makes of a line. */
const surroundings = [
  'stage',
  'epoch',
  'data',
  'sink',
  'location',
  'apiEndpoint',
  'tokenEndpoint',
  'credentials',
  'loadPauseMs',
  'loadSilenceMs',
  'project',
  'logResultsTable',
  'log',
  'input',
  'inputs',
  'growing',
  'chunkBytes',
  'memoryMb',
  'retry',
  'parentPid',
] as const satisfies readonly (keyof Params)[]

const settingsSchema = paramsSchema.omit(
  Object.fromEntries(surroundings.map((name) => [name, true])) as Record<(typeof surroundings)[number], true>,
)

/** What a line is read and written by. */
export type LineSettings = z.infer<typeof settingsSchema>

export const settingsOf = (params: Params): LineSettings => settingsSchema.parse(params)

const claimSchema = z.object({ settings: settingsSchema, syncTimeUs: z.number().int().nonnegative() })

/** What an attempt sets out with. */
export type Claim = z.infer<typeof claimSchema>

/** The claim of an attempt: this one, or that of whoever was first. */
export const claimAttempt = (path: string, number: number, claim: Claim, writer: string): Claim => {
  const folder = dirname(path)
  const name = attemptName(basename(path), 'claim', number)
  claimFile(folder, name, `.${writer}`, JSON.stringify(claim))
  return claimSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

/** Whether somebody has written down what came of an attempt. */
export const hasEnded = (path: string, number: number): boolean =>
  existsSync(join(dirname(path), attemptName(basename(path), 'loaded', number)))

/** Writes down which lines have their rows now; true for the one of many callers that did. */
export const endAttempt = (path: string, number: number, offsets: readonly number[], writer: string): boolean =>
  claimFile(dirname(path), attemptName(basename(path), 'loaded', number), `.${writer}`, JSON.stringify({ offsets })) ===
  'made'
