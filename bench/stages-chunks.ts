import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { openChunkProcessor } from '../processors/open-chunk-processor.ts'
import { initialRules } from '../processors/pass/rules.ts'
import { findStage } from '../processors/stages/index.ts'
import { tableNames } from '../src/core/tables.ts'

/** usage: stages-chunks STAGE LOG FOLDER; a stage without claims and checkpoints: read, pass, write, fsync, rename. */
const [, , id = '', log = '', folder = ''] = process.argv
const stage = findStage(id)
if (stage === undefined) throw new Error(`no stage ${id}`)
const chunkBytes = 32 * 1024 * 1024
mkdirSync(folder, { recursive: true })

const processor = await openChunkProcessor({
  stage,
  node: { id: 'aws-1', provider: 'aws', region: 'us-east-1', hostname: 'h', public_ip: null, private_ip: null },
  project: 'sandbox',
  settings: { windowSeconds: 300, maskIpv4: 24, maskIpv6: 64 },
  memoryMb: 256,
  tempDir: folder,
})

const flush = (path: string): void => {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

const descriptor = openSync(log, 'r')
const buffer = Buffer.allocUnsafe(chunkBytes)
let start = 0
let rules = initialRules()
let writing: Promise<void> = Promise.resolve()
let rows = 0
for (let n = 0; ; n++) {
  const got = readSync(descriptor, buffer, 0, chunkBytes, start)
  if (got === 0) break
  const end = got < chunkBytes ? got : buffer.lastIndexOf(10, got - 1) + 1
  const chunkIds = Object.fromEntries(tableNames.map((table) => [table, `e-${table}-${n}`])) as Record<
    (typeof tableNames)[number],
    string
  >
  const bytes = buffer.subarray(0, end)
  const passed = processor.pass({ bytes, start, fingerprint: '0123456789abcdef', chunkIds, syncTimeUs: 1n, rules })
  rules = passed.rules
  start += end
  await writing
  const paths = Object.fromEntries(stage.outputs.map(({ table }) => [table, join(folder, `.${table}-${n}`)]))
  writing = passed.write(paths).then((written) => {
    for (const each of written) {
      const aside = paths[each.table] ?? ''
      flush(aside)
      renameSync(aside, join(folder, `${each.table}-${n}.parquet`))
      rows += each.rows
    }
  })
}
await writing
processor.close()
process.stdout.write(`${JSON.stringify({ rows })}\n`)
