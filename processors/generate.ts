import { fstatSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError, exitCodes, toAppError } from '../src/core/errors.ts'
import { type CompletePlan, generatorPlanSchema } from '../src/core/generator.ts'
import { fill } from './generate/fill.ts'
import { growLogs } from './generate/live.ts'

const usage = 'generate fill|live --plan FILE [--parent-pid N]'
const tickMs = 250

const readPlan = (file: string): CompletePlan => {
  const parsed = generatorPlanSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new AppError({
    what: `${file} is no plan for the log generator.`,
    why: z.prettifyError(parsed.error),
    kind: 'usage',
  })
}

/** Grows until told to end, or until whoever started it is gone: its stdin closes, or its parent changes. */
const live = (plan: CompletePlan, parentPid: number | undefined): void => {
  const logs = growLogs(plan, Date.now())
  const end = (): never => {
    logs.close()
    process.exit(0)
  }
  process.on('SIGTERM', end).on('SIGINT', end).on('disconnect', end)
  const stdin = fstatSync(0)
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on('close', end).resume()
  setInterval(() => {
    if (parentPid !== undefined && process.ppid !== parentPid) end()
    logs.tick(Date.now())
  }, tickMs)
}

const main = (): void => {
  const { values, positionals } = parseArgs({
    options: { plan: { type: 'string' }, 'parent-pid': { type: 'string' } },
    allowPositionals: true,
  })
  const [mode] = positionals
  if (values.plan === undefined || (mode !== 'fill' && mode !== 'live'))
    throw new AppError({ what: `Usage: ${usage}`, kind: 'usage' })
  const plan = readPlan(values.plan)
  const parentPid = values['parent-pid'] === undefined ? undefined : Number(values['parent-pid'])
  if (mode === 'fill') fill(plan)
  else live(plan, parentPid)
}

try {
  main()
} catch (thrown) {
  const error = toAppError(thrown)
  process.stderr.write(`${error.message}\n`)
  process.exitCode = exitCodes[error.kind]
}
