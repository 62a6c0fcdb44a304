import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countLines } from '../../../src/cluster/sandbox/line-count.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bbq-lines-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const withFile = async <T>(text: string, use: (file: Awaited<ReturnType<typeof open>>, size: number) => Promise<T>) => {
  const file = await open(join(folder, 'log'), 'w+')
  try {
    await file.write(text)
    return await use(file, Buffer.byteLength(text))
  } finally {
    await file.close()
  }
}

test('lines are counted over block borders, and only what is new is read', async () => {
  const text = `${'x'.repeat(700_000)}\n`.repeat(3)
  await withFile(text, async (file, size) => {
    const first = await countLines(file, size, undefined)
    expect(first).toEqual({ bytes: size, lines: 3 })
    await file.write('a\nb\nhalf', size)
    expect(await countLines(file, size + 8, { bytes: size, lines: 100 })).toEqual({ bytes: size + 8, lines: 102 })
    expect(await countLines(file, 4, first)).toEqual({ bytes: 4, lines: 0 })
  })
})

test('a large file is estimated from its beginning', async () => {
  const lines = 200_000
  await withFile(`${'y'.repeat(99)}\n`.repeat(lines), async (file, size) => {
    const count = await countLines(file, size, undefined)
    expect(Math.abs(count.lines - lines) / lines).toBeLessThan(0.01)
    expect(count.bytes).toBe(size)
  })
})
