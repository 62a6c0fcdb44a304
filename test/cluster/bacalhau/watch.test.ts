import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Cli } from '../../../src/cluster/bacalhau/cli.ts'
import { watchJob } from '../../../src/cluster/bacalhau/watch.ts'

const recorded = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/bacalhau/${name}.stdout`, import.meta.url)), 'utf8')

const heartbeatAt = (iso: string, nodeIds: readonly string[], list = recorded('node-list')): string => {
  const all = JSON.parse(list)
  for (const one of all) if (nodeIds.includes(one.Info.NodeID)) one.ConnectionState.LastHeartbeat = iso
  return JSON.stringify(all)
}

const everyone = ['aws-1', 'gcp-1', 'azure-1']

test('a node that counts as connected and is not heard of is told once, and once more when it is back', async () => {
  // ten seconds pass between two looks; azure-1 is heard of in the first and in the sixth
  const others = everyone.filter((id) => id !== 'azure-1')
  const first = heartbeatAt('2026-11-24T10:00:00Z', everyone)
  const beats = [10, 20, 30, 40].map((s) => heartbeatAt(`2026-11-24T10:00:${s}Z`, others, first))
  const nodes = [first, ...beats, heartbeatAt('2026-11-24T10:00:50Z', everyone)]
  let look = -1
  let sinceStart = -10_000
  const cli: Cli = async (args) => {
    if (args[0] === 'node') return nodes[look] ?? nodes.at(-1) ?? ''
    if (args[1] === 'describe') return recorded('exit3-describe')
    look++
    sinceStart += 10_000
    return look < nodes.length ? recorded('running-executions') : recorded('exit3-executions')
  }
  const told: (readonly (string | number)[])[] = []
  const context = { cli, profile: [], pollMs: 1, now: () => Math.max(0, sinceStart) }
  for await (const { executions } of watchJob('j', context, { signal: new AbortController().signal }))
    told.push(
      executions.flatMap(({ nodeId, silentSince, nodeLost }) =>
        silentSince === undefined ? [] : [nodeId, silentSince, String(nodeLost)],
      ),
    )
  expect(told).toEqual([[], ['azure-1', 0, 'false'], [], []])
})

test('an orchestrator whose clock differs makes nobody silent', async () => {
  const nodes = heartbeatAt('2020-01-01T00:00:00Z', everyone)
  let looks = 0
  const cli: Cli = async (args) => {
    if (args[0] === 'node') return nodes
    if (args[1] === 'describe') return recorded('exit3-describe')
    return recorded(++looks < 3 ? 'running-executions' : 'exit3-executions')
  }
  const context = { cli, profile: [], pollMs: 1, now: () => 1_700_000_000_000 }
  for await (const { executions } of watchJob('j', context, { signal: new AbortController().signal }))
    for (const execution of executions) expect(execution).not.toHaveProperty('silentSince')
})
