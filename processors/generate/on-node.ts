import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'
import { type CompletePlan, type Growing, generatorKnobsSchema, generatorPlanSchema } from '../../src/core/generator.ts'
import { jsonLine } from '../../src/core/json.ts'
import { belongsTo } from '../../src/core/rotation-set.ts'
import { readIdentity } from '../run/identity.ts'
import { claimLog } from './claim.ts'
import { fill } from './fill.ts'
import { keepGrowing } from './keep-growing.ts'
import { growLogs } from './live.ts'
import { seededRandom } from './random.ts'

/** Options of `generate live` without a plan, as texts. */
export const onNodeOptions = {
  /** The node's data folder. */
  data: { type: 'string' },
  /** The log, below it. */
  log: { type: 'string' },
  /** Lines a second of this node. */
  rate: { type: 'string' },
  seed: { type: 'string' },
  /** Lines to begin with where the log is empty. */
  fill: { type: 'string' },
  /** Ids of the nodes that have such a generator, separated by commas. */
  nodes: { type: 'string' },
  /** Knobs that are not as usual, as JSON. */
  knobs: { type: 'string' },
} as const

const count = z.coerce.number().int().nonnegative()

const valuesSchema = z.object({
  data: z.string().min(1),
  log: z.string().min(1).default('access.log'),
  rate: z.coerce.number().nonnegative(),
  seed: z.coerce.number().int().default(1),
  fill: count.default(0),
  nodes: z.string().default(''),
  knobs: z.string().default('{}'),
})

type Values = z.infer<typeof valuesSchema>

/** Nodes that nobody counted, as those that came later, are spread over this many places. */
const places = 1_000

const placeOf = (id: string, all: readonly string[]) => {
  const node = all.indexOf(id)
  return node === -1
    ? { node: Math.floor(seededRandom(id)() * places), nodes: places }
    : { node, nodes: Math.max(1, all.length) }
}

const parse = <T>(schema: z.ZodType<T>, given: unknown): T => {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new AppError({
    what: 'The log generator was not told what it needs.',
    why: z.prettifyError(parsed.error),
    kind: 'usage',
  })
}

const isEmpty = (file: string): boolean => {
  try {
    const names = readdirSync(dirname(file)).filter((name) => belongsTo(basename(file), name))
    return names.every((name) => (statSync(join(dirname(file), name), { throwIfNoEntry: false })?.size ?? 0) === 0)
  } catch {
    return true
  }
}

const planOf = (values: Values, id: string): CompletePlan => {
  const knobs = parse(generatorKnobsSchema.partial(), JSON.parse(values.knobs))
  const place = placeOf(
    id,
    values.nodes.split(',').filter((name) => name !== ''),
  )
  return generatorPlanSchema.parse({
    nodes: [{ id, file: join(values.data, values.log), place }],
    seed: values.seed,
    lines: values.fill,
    until: Date.now(),
    knobs: { ...knobs, rate: values.rate },
  })
}

/** Grows this node's log, filled first where it is empty, until told to end; says on stdout, in one JSON line, that it grows. */
export const growHere = async (given: unknown): Promise<void> => {
  const values = parse(valuesSchema, given)
  const { id } = readIdentity(values.data)
  const plan = planOf(values, id)
  const claim = await claimLog(values.data, Date.now)
  try {
    const filled = values.fill > 0 && isEmpty(join(values.data, values.log)) ? values.fill : 0
    if (filled > 0) fill(plan, () => claim.beat(Date.now()))
    const logs = growLogs(plan, Date.now())
    const growing: Growing = { type: 'growing', node: id, filled, rate: values.rate }
    process.stdout.write(jsonLine(growing))
    await keepGrowing(logs, { onTick: claim.beat })
  } finally {
    claim.release()
  }
}
