import { expect, test } from 'vitest'
import { findingText } from '../../src/cli/finding.ts'
import { wrapText } from '../../src/cli/wrap-text.ts'
import { AppError } from '../../src/core/errors.ts'

test('rows are broken between words, and a longer word has its own', () => {
  expect(wrapText('one two three', 8, ' ')).toBe(' one two\n three')
  expect(wrapText('a bbbbbbbbbbbb c', 5)).toBe('a\nbbbbbbbbbbbb\nc')
})

test('in a terminal a finding keeps its column, and a command line stays whole', () => {
  const command = `run: ${'gcloud services enable some-api '.repeat(4).trim()}`
  const error = new AppError({ what: 'word '.repeat(20).trim(), why: 'reason '.repeat(20).trim(), next: [command] })
  const rows = findingText({ id: 'x', title: 'Title', error, goesOn: false }, 10, 60).split('\n')
  expect(rows[0]).toMatch(/^problem {2}Title: {6}word/)
  expect(rows[1]).toMatch(/^ {21}word/)
  expect(rows.find((row) => row.includes('  why '))).toMatch(/^ {11}why {7}reason/)
  expect(rows.filter((row) => !row.includes('next')).every((row) => row.length <= 60)).toBe(true)
  expect(rows.at(-1)).toContain(command)
})

test('what a server says cannot drive the terminal', () => {
  const error = new AppError({ what: 'a\u001b[2Jb', why: 'c\u202Ed\r\ne', next: ['f\u0007'] })
  const text = findingText({ id: 'x', title: 'T', error, goesOn: false }, 1, 80)
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
})
