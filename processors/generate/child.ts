import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError, exitCodes, toAppError } from '../../src/core/errors.ts'
import { type CompletePlan, generatorPlanSchema } from '../../src/core/generator.ts'
import { fill } from './fill.ts'
import { keepGrowing } from './keep-growing.ts'
import { growLogs } from './live.ts'
import { growHere, onNodeOptions } from './on-node.ts'

const usage = 'generate fill|live --plan FILE [--parent-pid N]; on a node: generate live --data DIR --rate N'

const readPlan = (file: string): CompletePlan => {
  const parsed = generatorPlanSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new AppError({
    what: `${file} is no plan for the log generator.`,
    why: z.prettifyError(parsed.error),
    kind: 'usage',
  })
}

const generate = async (argv: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { ...onNodeOptions, plan: { type: 'string' }, 'parent-pid': { type: 'string' } },
    allowPositionals: true,
  })
  const { plan: file, 'parent-pid': parentPid, ...own } = values
  const [mode] = positionals
  if (mode === 'live' && file === undefined && own.data !== undefined) return growHere(own)
  if (file === undefined || (mode !== 'fill' && mode !== 'live'))
    throw new AppError({ what: `Usage: ${usage}`, kind: 'usage' })
  const plan = readPlan(file)
  if (mode === 'fill') return fill(plan)
  await keepGrowing(growLogs(plan, Date.now()), parentPid === undefined ? {} : { parentPid: Number(parentPid) })
}

/** Writes logs as the arguments say; resolves to the exit code. */
export const runGenerate = async (argv: readonly string[]): Promise<number> => {
  try {
    await generate(argv)
    return 0
  } catch (thrown) {
    const error = toAppError(thrown)
    for (const line of [error.message, ...error.next]) process.stderr.write(`${line}\n`)
    return exitCodes[error.kind]
  }
}
