import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fill } from '../processors/generate/fill.ts'
import { generatorPlanSchema } from '../src/core/generator.ts'

const runs = 5
const lines = 200_000
const folder = mkdtempSync(join(tmpdir(), 'bbq-generate-'))
const file = join(folder, 'access.log')
const plan = generatorPlanSchema.parse({
  nodes: [{ id: 'bench', file }],
  seed: 1,
  lines,
  until: Date.UTC(2026, 10, 24, 12),
})

const rates = Array.from({ length: runs }, () => {
  const start = performance.now()
  fill(plan)
  return lines / ((performance.now() - start) / 1000)
})
const best = Math.max(...rates)
console.log(
  `generate: ${Math.round(best).toLocaleString('en')} lines/s, best of ${runs} runs of ${lines.toLocaleString('en')} lines (${Math.round(statSync(file).size / lines)} bytes a line)`,
)
rmSync(folder, { recursive: true, force: true })
