// A log generator in a few lines: fills by plan, then grows by a line a file every 20 ms until its stdin closes.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { generatorPlanSchema } from '../../../src/core/generator.ts'

const { values, positionals } = parseArgs({
  options: { plan: { type: 'string' }, 'parent-pid': { type: 'string' } },
  allowPositionals: true,
})
const plan = generatorPlanSchema.parse(JSON.parse(readFileSync(values.plan ?? '', 'utf8')))
const line = (index: number): string => `192.0.2.7 - - [2026-01-01T00:00:00Z] "GET /${index} HTTP/1.1" 200 5 "-" "-"\n`

if (positionals[0] === 'fill') {
  if (plan.seed === 13) {
    process.stderr.write('no room on the disk\n')
    process.exit(1)
  }
  const text = Array.from({ length: plan.lines }, (_, index) => line(index)).join('')
  for (const { file } of plan.nodes) writeFileSync(file, text)
} else {
  writeFileSync(`${values.plan}.pid.part`, String(process.pid))
  renameSync(`${values.plan}.pid.part`, `${values.plan}.pid`)
  let index = plan.lines
  setInterval(() => {
    index += 1
    for (const { file } of plan.nodes) appendFileSync(file, line(index))
  }, 20)
  process.stdin.on('end', () => process.exit(0)).resume()
}
