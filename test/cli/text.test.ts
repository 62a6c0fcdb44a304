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

test('the stacks of an error and its causes cannot drive the terminal either, and show no secret', () => {
  const deepest = new Error('token=abcdef123456 \u001B]0;gone\u0007\u009B2J\u202E')
  deepest.stack = `Error: ${deepest.message}\n    at evil (\u001B[2J/x.js:1:1)\r\n    at two (/y.js:2:2)`
  const error = new AppError({
    what: 'It broke.',
    why: 'password: hunter2222',
    next: ['--token s3cr3ts3cr3t'],
    cause: deepest,
  })
  const text = renderError(error, true)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(text).toMatch(/^ {4}at two \(\/y\.js:2:2\)/m)
  expect(text).toContain('[redacted]')
  expect(text).not.toMatch(/abcdef123456|hunter2222|s3cr3ts3cr3t/)
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
