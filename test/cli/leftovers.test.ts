import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { programs } from '../../src/programs.ts'
import { bbq, freshFolder } from './bbq.ts'

const line = '192.0.2.7 - - [12/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"\n'
const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60

/** A file as a killed program leaves it, so many seconds after 1970. */
const leave = (path: string, at: number): string => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'half')
  utimesSync(path, at, at)
  return path
}
const leaveFolder = (path: string, at: number): string => {
  leave(join(path, 'part'), at)
  utimesSync(path, at, at)
  return path
}

test('what killed programs left is swept by the next ones; what may still be written on stays', async () => {
  const folder = freshFolder()
  const temp = join(folder, 'temp')
  mkdirSync(temp)
  const log = join(folder, 'access.log')
  writeFileSync(log, line)
  const run = () => bbq(folder, ['run', 'raw', '--input', log], { TMPDIR: temp })
  expect(await run()).toMatchObject({ code: 0 })

  const state = join(folder, '.bbq')
  const dataset = join(state, 'warehouse', 'log_analytics')
  const [epoch = ''] = readdirSync(join(dataset, 'raw_logs')).filter((name) => !name.includes('.'))
  const kept = join(state, 'local', '.bbq', 'state', epoch)
  const now = Date.now() / 1000
  const swept = [
    leave(join(state, `runs.json.${randomUUID()}`), twoDaysAgo),
    leave(join(state, `holds.json.${randomUUID()}`), twoDaysAgo),
    leave(join(dataset, '.epoch-4711-abcd'), twoDaysAgo),
    leave(join(dataset, 'raw_logs', '.schema-4711.parquet'), twoDaysAgo),
    leave(join(dataset, 'raw_logs', epoch, '.tmp-chunk-writer'), twoDaysAgo),
    leave(join(kept, 'raw', 'dead', '.0123456789abcdef'), twoDaysAgo),
    leaveFolder(join(dataset, '.bbq-proof-word'), twoDaysAgo),
    leaveFolder(join(kept, '.new-0123456789abcdef'), twoDaysAgo),
    leaveFolder(join(state, 'tmp', 'bbq-warehouse-99999999-Xa12Cd'), now),
    leaveFolder(join(temp, 'bbq-edge-Xa12Cd'), twoDaysAgo),
  ]
  const untouched = [
    leave(join(state, 'notes.json'), twoDaysAgo),
    leave(join(dataset, 'raw_logs', epoch, '.tmp-other-writer'), now),
    leave(join(kept, 'raw', 'dead', '.fedcba9876543210'), now),
    leaveFolder(join(state, 'tmp', `bbq-warehouse-${process.pid}-Ya12Cd`), twoDaysAgo),
    leaveFolder(join(temp, 'bbq-edge-Ya12Cd'), now),
    leaveFolder(join(temp, 'somebody-else'), twoDaysAgo),
  ]
  appendFileSync(log, line)
  expect(await run()).toMatchObject({ code: 0 })
  const asked = promisify(execFile)(process.execPath, [programs.run, 'edge'], { env: { ...process.env, TMPDIR: temp } })
  await asked.catch(() => undefined)

  expect(swept.filter(existsSync)).toEqual([])
  expect(untouched.filter((path) => !existsSync(path))).toEqual([])
})
