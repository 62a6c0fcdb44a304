import { expect, test } from 'vitest'
import { exitMessage } from '../../src/cluster/exit-message.ts'

const crash = (error: string): readonly string[] => [
  'node:internal/modules/cjs/loader:1568',
  '  throw err;',
  error,
  '    at node:internal/main/run_main_module:33:47 {',
  "  code: 'MODULE_NOT_FOUND',",
  '}',
  '',
  'Node.js v24.21.0',
]

test.each([
  ["Error: Cannot find module '/var/log/app/.bbq/runtime/abc/run.mjs'", /not prepared for this version.*abc/],
  [
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@duckdb/node-bindings' imported from /x",
    /DuckDB \(@duckdb\/node-bindings\)/,
  ],
  ["Error: Cannot find module '/app/other.mjs'", /^exit code 1: \/app\/other.mjs is not there$/],
  ['SyntaxError: Unexpected token', /^exit code 1: SyntaxError: Unexpected token$/],
])('a Node that could not start: %s', (error, message) => {
  expect(exitMessage(1, crash(error))).toMatch(message)
})

test('other programs are told by their last words', () => {
  expect(exitMessage(0, ['anything'])).toBeUndefined()
  expect(exitMessage(3, ['first', 'last words ', '{"type":"progress"}', ''])).toBe('exit code 3: last words')
  expect(exitMessage(137, [])).toBeUndefined()
  // Node ends so where it gets no thread
  expect(exitMessage(134, [])).toMatch(/^exit code 134: .* no thread or no memory/)
})
