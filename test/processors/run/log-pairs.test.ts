import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type LogPair, logPair, type Meeting } from './log-pairs.ts'
import { linesOf, makeNode, rowsOf, runHere, type TestNode } from './test-node.ts'

interface Told {
  readonly errors: string[]
  readonly notices: string[]
  refused: number
}

interface Stage {
  readonly node: TestNode
  readonly pair: LogPair
  readonly told: Told
  /** A run over the node's log, or over files. */
  readonly run: (given?: { readonly [name: string]: unknown }) => Promise<void>
}

const half = (text: string): number => text.indexOf('\n', text.length >> 1) + 1

const damage = (packed: Buffer, draw: (below: number) => number): Buffer => {
  const broken = Buffer.from(packed)
  const kind = draw(4)
  if (kind === 0) return broken.subarray(0, draw(2) * 10)
  if (kind === 1) return Buffer.concat([broken.subarray(0, 10), Buffer.alloc(40, 0xff)])
  if (kind === 2) return broken.subarray(0, 12 + draw(broken.length - 14))
  const at = broken.length - 8
  broken[at] = (broken[at] ?? 0) ^ 0xff
  return broken
}

/** Runs before, between and after, as the logs come to stand. */
const play: Readonly<Record<Meeting, (stage: Stage) => Promise<void>>> = {
  renamed: async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older)
    await run()
    renameSync(log, `${log}.1`)
    writeFileSync(log, pair.newer)
  },
  'copied and truncated': async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older)
    await run()
    copyFileSync(log, `${log}.1`)
    if (pair.draw(2) === 0) await run()
    truncateSync(log, 0)
    appendFileSync(log, pair.newer)
  },
  packed: async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older)
    await run()
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)))
    rmSync(log)
    writeFileSync(log, pair.newer)
  },
  'packed after growing unread': async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older.slice(0, half(pair.older)))
    await run()
    writeFileSync(`${log}.2.gz`, gzipSync(pair.older))
    rmSync(log)
    writeFileSync(log, pair.newer)
  },
  'renamed after growing unread': async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older.slice(0, half(pair.older)))
    await run()
    appendFileSync(log, pair.older.slice(half(pair.older)))
    renameSync(log, `${log}-20261130`)
    writeFileSync(log, pair.newer)
  },
  'both at once': async ({ node: { log }, pair }) => {
    writeFileSync(`${log}.1`, pair.older)
    writeFileSync(log, pair.newer)
  },
  'both packed at once': async ({ node: { log }, pair }) => {
    writeFileSync(`${log}.2.gz`, gzipSync(pair.older))
    writeFileSync(`${log}.1.gz`, gzipSync(pair.newer))
  },
  'inputs at once': async ({ node: { data }, pair, run }) => {
    const input = [join(data, 'a.log'), join(data, 'b.log')]
    writeFileSync(input[0] ?? '', pair.older)
    writeFileSync(input[1] ?? '', pair.newer)
    await run({ input })
  },
  'inputs in turn': async ({ node: { data }, pair, run }) => {
    writeFileSync(join(data, 'a.log'), pair.older)
    writeFileSync(join(data, 'b.log'), pair.newer)
    await run({ input: [join(data, 'a.log')] })
    await run({ input: [join(data, 'b.log')] })
    await run({ input: [join(data, 'a.log')] })
  },
  'found by a pattern': async ({ node: { data, log }, pair, run }) => {
    const paths = [`${log}.1`, log]
    const inputs = join(data, 'files.json')
    const find = (): void => {
      const files = paths.filter((path) => existsSync(path)).map((path) => ({ path, found: true }))
      writeFileSync(inputs, JSON.stringify({ patterns: [`${log}*`], files }))
    }
    writeFileSync(log, pair.older)
    find()
    await run({ inputs })
    renameSync(log, `${log}.1`)
    writeFileSync(log, pair.newer)
    find()
    await run({ inputs })
  },
  'written over': async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older)
    await run()
    writeFileSync(log, pair.newer)
  },
  linked: async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older)
    linkSync(log, `${log}.1`)
    await run()
    rmSync(log)
    writeFileSync(log, pair.newer)
  },
  'packed and damaged': async ({ node: { log }, pair, run }) => {
    writeFileSync(log, pair.older)
    await run()
    writeFileSync(`${log}.1.gz`, damage(gzipSync(pair.older), pair.draw))
    rmSync(log)
    writeFileSync(log, pair.newer)
  },
  'damaged before any run': async ({ node: { log }, pair }) => {
    writeFileSync(`${log}.1.gz`, damage(gzipSync(pair.older), pair.draw))
    writeFileSync(log, pair.newer)
  },
}

const isInput = (meeting: Meeting): boolean => meeting.startsWith('inputs') || meeting === 'found by a pattern'

const countLines = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const line of texts.flatMap((text) => text.split('\n').slice(0, -1)))
    counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

/** What is wrong with the rows of a pair: lines that are missing and of which nothing was told, lines that are there too often. */
const faultsOf = async (pair: LogPair): Promise<readonly string[]> => {
  const node = makeNode()
  const told: Told = { errors: [], notices: [], refused: 0 }
  const run: Stage['run'] = async (given = {}) => {
    try {
      const tally = await runHere(
        node,
        { chunkBytes: pair.chunkBytes, ...given },
        {
          onNotice: (text) => told.notices.push(text),
          onProgress: () => undefined,
        },
      )
      told.refused += tally.lines_rejected
      told.notices.push(...tally.notices)
    } catch (thrown) {
      told.errors.push(String(thrown))
    }
  }
  try {
    await play[pair.meeting]({ node, pair, told, run })
    if (!isInput(pair.meeting)) {
      await run()
      await run()
    }
    const isDamaged = pair.meeting.includes('damaged')
    const wanted = countLines([pair.older, pair.newer])
    const once = countLines([pair.newer])
    const found = countLines([
      linesOf(node)
        .map((line) => `${line}\n`)
        .join(''),
    ])
    const isGrown = pair.meeting === 'written over' && pair.newer.startsWith(pair.older)
    const isCopy = told.notices.some((text) => text.includes('access.log.1 is not read by itself'))
    const isToldDamaged = told.errors.some((text) => text.includes('access.log.1.gz'))
    const faults: string[] = []
    for (const [line, count] of wanted) {
      if (line.includes('\0')) continue
      const got = found.get(line) ?? 0
      const least = isGrown || isCopy || (isDamaged && isToldDamaged) ? (once.get(line) ?? 0) : count
      if (got < least) faults.push(`${line.slice(0, 40)}: ${got} of ${least}`)
      if (got > count) faults.push(`${line.slice(0, 40)}: ${got} rows of ${count} lines`)
    }
    for (const line of found.keys()) if (!wanted.has(line)) faults.push(`no line of them: ${line.slice(0, 40)}`)
    const ids = rowsOf(node).map(({ id }) => id)
    if (new Set(ids).size !== ids.length) faults.push('an id twice')
    if (isDamaged && !isToldDamaged) faults.push('the damage is not told')
    if (!isDamaged && told.errors.length > 0) faults.push(told.errors.join(' '))
    const nulLines = [pair.older, pair.newer].filter((text) => text.includes('\0')).length
    if (!isDamaged && told.refused < nulLines) faults.push(`${told.refused} refused, not ${nulLines}`)
    return faults.length === 0 ? [] : [`${pair.name}: ${faults.length} faults, ${faults[0]}`]
  } finally {
    node.remove()
  }
}

test('of 100 pairs of logs that begin alike each line is there once, or told', async () => {
  const faults: string[] = []
  for (let number = 0; number < 100; number++) faults.push(...(await faultsOf(logPair(number))))
  expect(faults).toEqual([])
}, 300_000)
