import { expect, test } from 'vitest'
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

test('columns stand below each other whatever letters their cells hold', () => {
  const texts = ['日本', '👋🏽', 'e\u0301e\u0301', 'plain']
  const table = textTable(
    [{ title: 'text' }, { title: 'n' }],
    texts.map((text) => [text, '|']),
  )
  expect(table.split('\n').slice(1, 5)).toEqual(['日本   |', '👋🏽     |', 'e\u0301e\u0301     |', 'plain  |'])
})

test('a table may have more rows than a call has arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => [String(i)])
  expect(textTable([{ title: 'n', right: true }], rows).split('\n')[1]).toBe('     0')
})
