import { describe, expect, test } from 'vitest'
import { folder, load, refusal } from './load-given.ts'

describe('a table', () => {
  test.each(['raw_logs', 'LOG_AGGREGATES', 'emergency_logs', 'log_aggregates_merged', 'epoch', 'Writer'])(
    'cannot be called %s, which the dataset needs itself',
    (name) => {
      const error = refusal({ yaml: `project:\n  region: EU\nbigquery:\n  table_name: ${name}\n` })
      expect(error.what.replace(`${folder}/`, '')).toBe(`config.yaml:4: bigquery.table_name is "${name}".`)
      expect(error.why).toMatch(/the dataset needs this one itself/)
      expect(refusal({ flags: { 'bigquery.table_name': name } }).what).toContain(name)
    },
  )

  test('can be called anything else', () => {
    for (const name of ['log_results', 'web_2026', 'epochs', 'select'])
      expect(load({ flags: { 'bigquery.table_name': name } }).bigquery.table_name).toBe(name)
  })
})

describe('a file made to be expensive', () => {
  const ten = (item: string): string => `[${Array.from({ length: 10 }, () => item).join(', ')}]`
  const laughs = (levels: number): string =>
    Array.from({ length: levels }, (_, i) => `a${i}: &a${i} ${ten(i === 0 ? 'lol' : `*a${i - 1}`)}\n`).join('')

  test.each([
    ['aliases of aliases', `${laughs(9)}project:\n  id: *a8\n`, 2, /alias/],
    ['aliases of aliases for a list', `project:\n  region: EU\n${laughs(9)}cluster:\n  nodes: *a8\n`, 4, /alias/],
    ['what holds itself', 'project:\n  region: EU\n  id: &a [*a]\n', 3, /alias/],
    ['merges of merges', 'a: &a {b: 1}\nc: &c {<<: [*a, *a]}\n', 2, /alias/],
    ['brackets in brackets', `project:\n  id: ${'['.repeat(50_000)}`, 2, /nesting/],
    ['sections in sections', Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), 100, /nesting/],
  ])('%s: refused with its line', (_, yaml, line, why) => {
    const error = refusal({ yaml })
    expect(error.kind).toBe('usage')
    expect(error.what).toContain(`config.yaml:${line} `)
    expect(error.message).toMatch(why)
    expect(error.next.length).toBeGreaterThan(0)
  })

  test('of many keys takes time in proportion to them, and only the first are named', () => {
    const cost = (count: number): number => {
      const yaml = Array.from({ length: count }, (_, i) => `k${i}: 1\n`).join('')
      const times = [1, 2, 3, 4, 5].map(() => {
        const started = process.cpuUsage()
        const error = refusal({ yaml })
        expect(error.what).toContain('config.yaml:1: k0 ')
        expect(error.next.length).toBeLessThan(30)
        expect(error.next.at(-1)).toContain(`${count - 20} more`)
        return process.cpuUsage(started).user
      })
      return Math.min(...times)
    }
    cost(8_000)
    // eight times as many; 64 would be the square
    expect(cost(128_000) / cost(16_000)).toBeLessThan(8 * 4)
  })
})
