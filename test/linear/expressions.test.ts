import { describe, expect, test } from 'vitest'
import { type Expression, expressions } from './expressions.ts'
import { growthOf } from './growth.ts'
import { hostileTo, usual } from './hostile.ts'

/** Those whose text cannot be long, and why. */
const short: Readonly<Record<string, string>> = {
  'src/core/format.ts': 'the digits of a number',
  'src/core/width.ts': 'a grapheme of at most 50 characters',
  'src/core/rotation-set.ts': 'a file name of at most 255 bytes',
  'processors/formats/notations/': 'a format is at most 8,192 characters long',
  'processors/formats/reading.ts': 'a format is at most 8,192 characters long',
  'processors/formats/key-map.ts': 'a format is at most 8,192 characters long',
  'src/warehouse/duckdb/sql-error.ts': 'an error is cut to 4,096 characters',
}

const taking = ({ source, flags }: Expression): ((text: string) => unknown) => {
  const expression = new RegExp(source, flags)
  return flags.includes('g')
    ? (text) => text.replaceAll(expression, '')
    : (text) => {
        expression.lastIndex = 0
        return expression.test(text)
      }
}

const quadraticFor = (expression: Expression): string | undefined => {
  const take = taking(expression)
  for (const hostile of [...hostileTo(expression), ...usual]) {
    const growth = growthOf(take, hostile)
    if (growth !== undefined)
      return `${JSON.stringify(hostile(40))} four times as long takes ${growth.toFixed(0)} times`
  }
  return undefined
}

describe('every regular expression of the program', () => {
  const all = expressions()
  const isShort = ({ where }: Expression): boolean => Object.keys(short).some((path) => where.startsWith(path))

  test('is seen by this test', () => {
    expect(all.length).toBeGreaterThan(300)
    for (const path of Object.keys(short))
      expect(
        all.some(({ where }) => where.startsWith(path)),
        path,
      ).toBe(true)
  })

  test('takes a text four times as long in about four times the time', { timeout: 300_000 }, () => {
    const slow = all
      .filter((one) => !isShort(one))
      .flatMap((expression) => {
        const growth = quadraticFor(expression)
        return growth === undefined ? [] : [`${expression.where} /${expression.source}/${expression.flags}: ${growth}`]
      })
    expect(slow).toEqual([])
  })
})

test('an expression that goes back over its text is found out', () => {
  expect(quadraticFor({ source: '[\\w-]*token', flags: '', where: '' })).toContain('times')
  expect(quadraticFor({ source: '"[A-Z]+ \\S*\\d+x', flags: '', where: '' })).toContain('times')
  expect(quadraticFor({ source: '^[\\w-]*token', flags: '', where: '' })).toBeUndefined()
})
