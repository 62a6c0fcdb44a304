import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChunkContext, ChunkProcessor } from '../../../processors/chunk-processor.ts'
import { openStandIn } from './stand-in.ts'
import { makeNode, rowsOf, runHere, type TestNode } from './test-node.ts'

/** What a log has been told to hold: the truth that the rows are compared with. */
interface Model {
  readonly node: TestNode
  /** Whole non-blank lines in the order of writing. */
  readonly rows: string[]
  /** Whole lines, blank ones too. */
  lines: number
  /** The line that has no newline yet. */
  half: string
  counter: number
}

/** A line that differs from every other; some are long, blank or end in CR LF. */
interface LineShape {
  readonly length: number
  readonly ending: '\n' | '\r\n'
  readonly blanks: number
}

const write = (model: Model, { length, ending, blanks }: LineShape): void => {
  const line = `${model.half}${model.counter++}${'x'.repeat(length)}`
  appendFileSync(model.node.log, `${line.slice(model.half.length)}${ending}${'\n'.repeat(blanks)}`)
  model.rows.push(line)
  model.lines += 1 + blanks
  model.half = ''
}

const begin = (model: Model, length: number): void => {
  const more = `half${model.counter++}${'y'.repeat(length)}`
  appendFileSync(model.node.log, more)
  model.half += more
}

const rotate = (model: Model, how: 'rename' | 'gzip' | 'copy'): void => {
  const { log } = model.node
  for (let i = 20; i > 0; i--)
    for (const end of ['', '.gz'])
      if (existsSync(`${log}.${i}${end}`)) renameSync(`${log}.${i}${end}`, `${log}.${i + 1}${end}`)
  if (how === 'gzip') writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)))
  if (how === 'copy') copyFileSync(log, `${log}.1`)
  if (how === 'copy' || how === 'gzip') truncateSync(log, 0)
  else renameSync(log, `${log}.1`)
  writeFileSync(log, '')
  // the writer lost its half line: nobody can complete it
  model.half = ''
}

/** Fails in the pass of its nth chunk, or after that chunk was written and before it is loaded. */
const failing =
  (nth: number, place: 'pass' | 'write') =>
  async (context: ChunkContext): Promise<ChunkProcessor> => {
    const real = await openStandIn(context)
    let passes = 0
    return {
      pass: async (input, onPart) => {
        const mine = passes++
        if (mine === nth && place === 'pass') throw new Error('on purpose')
        const pass = await real.pass(input, onPart)
        const fail = async (paths: Readonly<Record<string, string>>): Promise<never> => {
          await pass.write(paths)
          throw new Error('on purpose')
        }
        return mine === nth ? { ...pass, write: fail } : pass
      },
      close: real.close,
    }
  }

const shape = fc.record({
  length: fc.oneof(fc.nat(60), fc.nat(60), fc.integer({ min: 900, max: 5000 })),
  ending: fc.constantFrom('\n' as const, '\r\n' as const),
  blanks: fc.constantFrom(0, 0, 0, 1, 2),
})
const chunkBytes = fc.integer({ min: 1024, max: 9000 })
const step = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), lines: fc.array(shape, { minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('half' as const), length: fc.nat(1500) }),
  fc.record({
    kind: fc.constant('rotate' as const),
    how: fc.constantFrom('rename' as const, 'gzip' as const, 'copy' as const),
  }),
  fc.record({ kind: fc.constant('run' as const), chunkBytes }),
  fc.record({ kind: fc.constant('two' as const), chunkBytes, other: chunkBytes }),
  fc.record({
    kind: fc.constant('fail' as const),
    chunkBytes,
    nth: fc.nat(4),
    place: fc.constantFrom('pass' as const, 'write' as const),
  }),
)

test('every line becomes one row, however the log grows, rotates, is cut and however runs fail or meet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const model: Model = { node: makeNode(), rows: [], lines: 0, half: '', counter: 0 }
      const { node } = model
      writeFileSync(node.log, '')
      let read = 0
      const run = async (given: { chunkBytes: number }, parts: object = {}): Promise<void> => {
        let newest = 0
        const counted = { ...parts, onProgress: (progress: { lines_read: number }) => (newest = progress.lines_read) }
        try {
          await runHere(node, given, counted)
        } catch (thrown) {
          expect(String(thrown)).toContain('on purpose')
        }
        read += newest
      }
      try {
        for (const each of steps) {
          if (each.kind === 'write') for (const line of each.lines) write(model, line)
          else if (each.kind === 'half') begin(model, each.length)
          else if (each.kind === 'rotate') rotate(model, each.how)
          else if (each.kind === 'run') await run({ chunkBytes: each.chunkBytes })
          else if (each.kind === 'two')
            await Promise.all([run({ chunkBytes: each.chunkBytes }), run({ chunkBytes: each.other })])
          else await run({ chunkBytes: each.chunkBytes }, { openChunkProcessor: failing(each.nth, each.place) })
        }
        await run({ chunkBytes: 4096 })

        const rows = rowsOf(node)
        expect(rows.map(({ line }) => line)).toEqual(model.rows)
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
        expect(read).toBe(model.lines)
      } finally {
        node.remove()
      }
    }),
    { numRuns: 80 },
  )
})
