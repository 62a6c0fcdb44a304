import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bbq, freshFolder, start } from './bbq.ts'

const heads = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => /^\S/.test(line))
    .map((line) => line.split(':')[0] ?? '')

test('without a terminal the whole walk runs as numbered lines, twice the same', async () => {
  const folder = freshFolder()
  writeFileSync(
    join(folder, 'config.yaml'),
    'demo: {lines: 150}\ncluster: {nodes: [cloud_provider=azure, region=eastus]}\n',
  )
  const first = await bbq(folder, [])
  expect(first.code, first.stderr).toBe(0)
  expect(first.stderr).toBe('')
  expect(heads(first.stdout)).toEqual([
    'Setup',
    'Nodes',
    '1 Raw',
    '2 Structured',
    '3 Private',
    '4 Aggregated',
    '5 Query',
    '6 Summary',
  ])
  expect(first.stdout).toContain('1 of 1 nodes connected')
  expect(first.stdout.match(/1 of 1 nodes done/g)).toHaveLength(4)
  expect(first.stdout).toMatch(/^ {3}3 Private +\d+ .* 0 {2}/m)
  expect(first.stdout).toMatch(
    /^ {3}stored: +[\d.]+ [KM]B here, bills nothing; in BigQuery (next to nothing|from \$[\d.]+ a month)$/m,
  )
  expect(first.stdout).not.toContain('\u001B')
  const second = await bbq(folder, ['--plain'])
  expect(second.code, second.stderr).toBe(0)
  expect(heads(second.stdout)).toEqual(heads(first.stdout))
  const read = (text: string): readonly number[] =>
    [...text.matchAll(/read ([\d,]+) lines/g)].map((match) => Number(match[1]?.replaceAll(',', '')))
  for (const lines of read(second.stdout)) expect(lines).toBeGreaterThanOrEqual(150)
})

const processesOf = (folder: string): readonly string[] =>
  execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && !line.startsWith('Z'))

test('Ctrl-C in the middle leaves no child and no lock, exit 130', async () => {
  const folder = freshFolder()
  const running = start(folder, ['--demo-lines', '20000', '--cluster-nodes', 'cloud_provider=azure'])
  await running.said(/^1 Raw/m)
  await expect.poll(() => processesOf(folder).length, { timeout: 20_000 }).toBeGreaterThan(0)
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code).toBe(130)
  expect(stderr).not.toMatch(/^\s+at /m)
  await expect.poll(() => processesOf(folder), { timeout: 10_000 }).toEqual([])
  expect(existsSync(join(folder, '.bbq/lock'))).toBe(false)
})
