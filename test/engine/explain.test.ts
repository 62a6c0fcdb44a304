import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decodeExecutions, decodeJob } from '../../src/cluster/bacalhau/executions.ts'
import { outcomeOf } from '../../src/core/job.ts'
import { explainReason } from '../../src/engine/prepare/explain.ts'

const recorded = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/bacalhau/${name}.stdout`, import.meta.url)), 'utf8')

describe('the next step for what a real cluster said', () => {
  test.each([
    ['forbidden-mount', /AllowListedLocalPaths/],
    ['missing-dir', /Make the folder on the node/],
    ['env-refused', /Compute\.Env\.AllowList/],
    ['missing-image', /pull the image/],
    ['missing-local-image', /pull the image/],
    ['bad-command', /Node 22\.18/],
    ['oom', /cluster\.memory_mb/],
    ['timeout', /goes on where it stopped/],
    ['unprepared', /bbq nodes prepare/],
  ])('%s', (name, next) => {
    const all = decodeExecutions(recorded(`${name}-executions`), new Set(['aws-1', 'gcp-1', 'azure-1']))
    const reasons = all.flatMap(({ execution }) => {
      const { state, reason } = outcomeOf(execution, { jobId: 'j', state: 'completed', executions: [] })
      return state === 'failed' && reason !== undefined ? [reason] : []
    })
    expect(reasons.length).toBeGreaterThan(0)
    for (const reason of reasons) expect(explainReason(reason)).toMatch(next)
  })

  test.each([
    ['no-nodes-describe', /cluster\.nodes/],
    ['too-big-describe', /busy/],
  ])('%s', (name, next) => {
    expect(explainReason(decodeJob(recorded(name)).message ?? '')).toMatch(next)
  })

  test('a lost node is looked at, one that came back runs again', () => {
    const job = { jobId: 'j', state: 'running', executions: [] } as const
    const open = { id: 'e', nodeId: 'azure-1', state: 'running', nodeLost: true } as const
    expect(explainReason(outcomeOf(open, job).reason ?? '')).toMatch(/run the stage again/)
    expect(explainReason('Failing due to node restart')).toMatch(/run the stage again/)
  })

  test('what is not known has none', () => {
    expect(explainReason('the moon was full')).toBeUndefined()
  })
})
