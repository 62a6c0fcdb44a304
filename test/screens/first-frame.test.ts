import { expect, test } from 'vitest'
import { widthOf } from '../../src/core/width.ts'
import { firstFrame } from '../../src/first-frame.ts'
import { read, sizes } from './draw.ts'
import { choosing } from './fixtures/demo.ts'

const stages = choosing().stages.map(({ title }) => title)

test.each(sizes)('the frame before Ink has its head where the first screen has it: %i x %i', (columns, rows) => {
  const frame = firstFrame({ columns, rows, env: { LANG: 'C.UTF-8', TERM: 'xterm-256color' }, stages })
  expect(frame).toMatch(/^\u001b\[\?1049h/)
  const lines = frame.replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, '').split('\r\n')
  expect(lines).toHaveLength(rows)
  for (const line of lines) expect(widthOf(line)).toBe(columns)
  const first = read(choosing(), columns, rows).split('\n')
  const at = first.findIndex((line) => line.includes('Logs on 21 machines'))
  expect(lines.slice(0, at + 2).map((line) => line.trimEnd())).toEqual(first.slice(0, at + 2))
})

test('a terminal that is too small gets none', () => {
  expect(firstFrame({ columns: 59, rows: 24, env: {}, stages })).toBe('')
})
