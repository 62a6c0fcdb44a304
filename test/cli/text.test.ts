import { describe, expect, test } from 'vitest'
import { toCsv } from '../../src/cli/csv.ts'
import { renderError } from '../../src/cli/print-error.ts'
import { textTable } from '../../src/cli/text-table.ts'
import { AppError } from '../../src/core/errors.ts'

test('an error is what, why and next; it cannot drive the terminal and shows no stack', () => {
  const error = new AppError({ what: 'It broke.\u001B[2J', why: 'Two\nrows.', next: ['First.', 'Second.'] })
  expect(renderError(error, false)).toBe(`It broke.·[2J
  why   Two
  rows.
  next  First.
  next  Second.
`)
  expect(renderError(error, true)).toMatch(/^\s+at /m)
})

test('a table is as wide as its widest cell, numbers at the right, text neutralised', () => {
  expect(
    textTable(
      [{ title: 'id' }, { title: 'n', right: true }],
      [
        ['aws-1', '7'],
        ['é\u0007', '1,234'],
      ],
    ),
  ).toBe('id         n\naws-1      7\né·     1,234\n')
})

describe('CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [true, 'true'],
    ['9007199254740993', '9007199254740993'],
    [{ a: [1, 'x'] }, '"{""a"":[1,""x""]}"'],
  ])('%j is %s', (value, cell) => {
    expect(toCsv({ columns: [{ name: 'v', type: 'X' }], rows: [[value]], truncated: false, ms: 1 })).toBe(
      `v\n${cell}\n`,
    )
  })
})
