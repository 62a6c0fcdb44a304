import { expect, test } from 'vitest'
import { commandPage } from '../../screens/overlays/command-page.ts'
import { typedSql } from '../../screens/query/sql.ts'
import { open } from './fixtures/demo.ts'
import { answered } from './fixtures/states.ts'

test('SQL is shown as somebody could type it: with the names of tables and the epoch', () => {
  const sql = "SELECT 1 FROM {raw_logs} WHERE STARTS_WITH(chunk_id, '{epoch}')"
  expect(typedSql(sql, open())).toBe("SELECT 1 FROM raw_logs WHERE STARTS_WITH(chunk_id, 'e1')")
})

test('x shows it so too, before and after the answer', () => {
  for (const state of [open({ current: 'query' }), answered()]) {
    const text = commandPage(state, 100)
      .map((line) => line.map((part) => part.text).join(''))
      .join('\n')
    expect(text).toMatch(/^SELECT/m)
    expect(text).not.toMatch(/[{}]/)
  }
})
