import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fill } from '../processors/generate/fill.ts'
import { stages } from '../processors/stages/index.ts'
import { formatBytes, formatCount } from '../src/core/format.ts'
import { generatorPlanSchema } from '../src/core/generator.ts'
import { programs } from '../src/programs.ts'
import { type Measured, measure, medianOf, minOf } from './measure.ts'
import type { FloorKind } from './stages-floor-sql.ts'

/** Each stage over a demo log against bare DuckDB, with the stage's columns and with fewer, in turn: `node bench/stages.ts [--lines N] [--memory-lines N] [--repeats N] [--stage ID]... [--dir DIR] [--program FILE]` */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '3000000' },
    'memory-lines': { type: 'string', default: '10000000' },
    repeats: { type: 'string', default: '5' },
    stage: { type: 'string', multiple: true, default: stages.map((stage) => stage.id) },
    /** Where logs and results go; a log that is there already is used again. */
    dir: { type: 'string' },
    /** The processor as nodes have it: the bundle, where it is built. */
    program: { type: 'string' },
  },
})
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const folder = values.dir ?? mkdtempSync(join(process.env['TMPDIR'] ?? '/tmp', 'bbq-bench-'))
const bundle = here('../dist/run.mjs')
const program = values.program ?? (existsSync(bundle) ? bundle : programs.run)
mkdirSync(join(folder, '.bbq'), { recursive: true })

/** The logs of the demo's nodes one behind another, so that attacks and outages have the demo's share of the lines. */
const logOf = (lines: number): string => {
  const file = join(folder, `access-${lines}.log`)
  if (existsSync(file)) return file
  const nodes = Array.from({ length: nodeCount }, (_, i) => ({ id: `node-${i}`, file: join(folder, `node-${i}.log`) }))
  fill(
    generatorPlanSchema.parse({
      nodes,
      seed: 1,
      lines: Math.ceil(lines / nodeCount),
      until: Date.UTC(2026, 10, 24, 12),
    }),
  )
  for (const node of nodes) {
    appendFileSync(file, readFileSync(node.file))
    rmSync(node.file)
  }
  return file
}

const node = { id: 'aws-1', provider: 'aws', region: 'us-east-1', hostname: 'host', public_ip: null, private_ip: null }
writeFileSync(join(folder, '.bbq', 'node.json'), JSON.stringify(node))
const nodeCount = 21
let generation = 0

/** The whole program, from its start to its exit: claims, checkpoints, fsync and rename included. */
const runStage = async (stage: string, log: string): Promise<Measured> => {
  const sink = join(folder, 'warehouse')
  const epoch = `bench${String(++generation).padStart(6, '0')}`
  mkdirSync(sink, { recursive: true })
  writeFileSync(join(sink, 'epoch'), epoch)
  const source = ['--data', folder, '--sink', `folder:${sink}`, '--input', log]
  const measured = await measure([program, '--stage', stage, '--epoch', epoch, ...source])
  rmSync(sink, { recursive: true, force: true })
  rmSync(join(folder, '.bbq', 'state'), { recursive: true, force: true })
  return measured
}

const runFloor = async (stage: string, kind: FloorKind, log: string): Promise<Omit<Measured, 'stdout'>> => {
  const parquet = join(folder, 'floor')
  mkdirSync(parquet, { recursive: true })
  const measured = await measure([here('stages-floor.ts'), stage, kind, log, parquet])
  rmSync(parquet, { recursive: true })
  return { ...measured, ms: (JSON.parse(measured.stdout) as { ms: number }).ms }
}

const seconds = (ms: readonly number[]): string =>
  `${(minOf(ms) / 1000).toFixed(2)} / ${(medianOf(ms) / 1000).toFixed(2)}`
const memory = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`

const lines = Number(values.lines)
const more = Number(values['memory-lines'])
const log = logOf(lines)
const memoryLog = more > 0 ? logOf(more) : undefined
const measured = new Map(
  values.stage.map((id) => [id, { stage: [] as number[], same: [] as number[], lean: [] as number[], peak: 0 }]),
)
for (let i = 0; i < Number(values.repeats); i++) {
  for (const [id, result] of measured) {
    const ours = await runStage(id, log)
    result.stage.push(ours.ms)
    result.peak = Math.max(result.peak, ours.peakBytes)
    for (const kind of ['same', 'lean'] as const) result[kind].push((await runFloor(id, kind, log)).ms)
    const [stage, same, lean] = [result.stage, result.same, result.lean].map((each) => (each.at(-1) ?? 0).toFixed(0))
    console.error(`${i + 1} ${id}: ${stage} ms; bare DuckDB, same columns ${same} ms, lean ${lean} ms`)
  }
}

const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 1024 ** 3)} GB`
console.log(
  `${machine}, Node ${process.versions.node}; ${formatCount(lines)} lines (${formatBytes(statSync(log).size)}), fastest / median of ${values.repeats}, in turn; ${basename(program)} from its start to its exit against SQL statements alone\n`,
)
console.log(
  `| stage | bbq s | same columns, bare DuckDB s | times as fast | lean, bare DuckDB s | times as fast | M lines/s | peak memory | at ${formatCount(more)} lines |`,
)
console.log('|---|---|---|---|---|---|---|---|---|')
for (const [id, { stage, same, lean, peak }] of measured) {
  const large = memoryLog === undefined ? undefined : await runStage(id, memoryLog)
  const ratio = (floor: readonly number[]): string =>
    `${(minOf(floor) / minOf(stage)).toFixed(2)} / ${(medianOf(floor) / medianOf(stage)).toFixed(2)}`
  const cells = [
    id,
    seconds(stage),
    seconds(same),
    ratio(same),
    seconds(lean),
    ratio(lean),
    (lines / minOf(stage) / 1000).toFixed(2),
    memory(peak),
    large === undefined ? '' : `${(large.ms / 1000).toFixed(1)} s, ${memory(large.peakBytes)}`,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
if (values.dir === undefined) rmSync(folder, { recursive: true, force: true })
