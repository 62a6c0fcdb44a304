import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formats } from '../processors/formats/list.ts'
import { formatCount } from '../src/core/format.ts'
import { programs } from '../src/programs.ts'
import { requests, writers } from './formats-lines.ts'
import { type Measured, measure, minOf } from './measure.ts'

/** The same requests in every format of the list through a stage, in turn with the demo's format: `node bench/formats.ts [--lines N] [--repeats N] [--stage ID] [--format ID]... [--program FILE]` */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '400000' },
    repeats: { type: 'string', default: '3' },
    stage: { type: 'string', default: 'structured' },
    format: { type: 'string', multiple: true, default: formats.map(({ id }) => id).filter((id) => id !== 'demo') },
    /** The processor as nodes have it: the bundle, where it is built. */
    program: { type: 'string' },
  },
})
const bundle = fileURLToPath(new URL('../dist/run.mjs', import.meta.url))
const program = values.program ?? (existsSync(bundle) ? bundle : programs.run)
const lines = Number(values.lines)
const folder = mkdtempSync(join(process.env['TMPDIR'] ?? '/tmp', 'bbq-formats-'))
mkdirSync(join(folder, '.bbq'))
const node = { id: 'aws-1', provider: 'aws', region: 'us-east-1', hostname: 'host', public_ip: null, private_ip: null }
writeFileSync(join(folder, '.bbq', 'node.json'), JSON.stringify(node))

const linesAtOnce = 10_000

const logOf = (id: string): string => {
  const write = writers[id]
  if (write === undefined) throw new Error(`no line of ${id} is known here`)
  const path = join(folder, `${id}.log`)
  const file = openSync(path, 'w')
  let held: string[] = []
  const flush = (): void => {
    writeSync(file, held.join(''))
    held = []
  }
  for (const request of requests(lines)) {
    held.push(`${write(request)}\n`)
    if (held.length === linesAtOnce) flush()
  }
  flush()
  closeSync(file)
  return path
}

let generation = 0

const run = async (log: string): Promise<Measured> => {
  const sink = join(folder, 'warehouse')
  const epoch = `bench${String(++generation).padStart(6, '0')}`
  mkdirSync(sink)
  writeFileSync(join(sink, 'epoch'), epoch)
  const source = ['--data', folder, '--sink', `folder:${sink}`, '--input', log]
  const measured = await measure([program, '--stage', values.stage, '--epoch', epoch, ...source])
  rmSync(sink, { recursive: true })
  rmSync(join(folder, '.bbq', 'state'), { recursive: true })
  const { lines_parsed } = JSON.parse(measured.stdout.trimEnd().split('\n').at(-1) ?? '') as { lines_parsed: number }
  if (lines_parsed !== lines) throw new Error(`${basename(log)}: ${lines_parsed} of ${lines} lines were understood`)
  return measured
}

console.log(
  `${availableParallelism()} cores, Node ${process.versions.node}; ${values.stage} over ${formatCount(lines)} lines, fastest of ${values.repeats}, each in turn with the demo's format; from the program's start to its exit\n`,
)
console.log('| format | thousand lines/s | of the demo | of the demo, by processor time |\n|---|---|---|---|')
const demo = logOf('demo')
for (const id of values.format) {
  const log = logOf(id)
  const [ours, demos]: [Measured[], Measured[]] = [[], []]
  for (let i = 0; i < Number(values.repeats); i++) {
    demos.push(await run(demo))
    ours.push(await run(log))
  }
  rmSync(log)
  const share = (of: (measured: Measured) => number): string => (minOf(demos.map(of)) / minOf(ours.map(of))).toFixed(2)
  const rate = lines / minOf(ours.map(({ ms }) => ms))
  console.log(`| ${id} | ${rate.toFixed(0)} | ${share(({ ms }) => ms)} | ${share(({ cpuMs }) => cpuMs)} |`)
}
rmSync(folder, { recursive: true })
