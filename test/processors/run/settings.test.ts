import { appendFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openChunkProcessor } from '../../../processors/open-chunk-processor.ts'
import { initialRules } from '../../../processors/pass/rules.ts'
import { findStage } from '../../../processors/stages/index.ts'
import type { Stage } from '../../../src/core/stage.ts'
import { makeNode, runHere, type TestNode } from './test-node.ts'

let node: TestNode
beforeEach(() => {
  node = makeNode()
  writeFileSync(node.log, '198.51.100.7 - - [2026-11-24T10:00:00Z] "GET / HTTP/1.1" 200 5 "-" "-"\n')
})
afterEach(() => node.remove())

const stage = (id: string): Partial<Parameters<typeof runHere>[2]> => ({
  stage: findStage(id) as Stage,
  openChunkProcessor,
  initialRules,
})

test('a setting that changes the rows is refused with both values and the way out', async () => {
  await runHere(node, { maskIpv4: 24 }, stage('private'))
  await expect(runHere(node, { maskIpv4: 16 }, stage('private'))).rejects.toMatchObject({
    what: 'Stage private was begun with maskIpv4 24 and is now asked for with maskIpv4 16.',
    next: expect.arrayContaining([expect.stringContaining('bbq reset')]),
    kind: 'refused',
  })
})

test('a setting that changes nothing in the rows of a stage may change', async () => {
  await runHere(node, { maskIpv4: 24 }, stage('raw'))
  appendFileSync(node.log, 'more\n')
  expect((await runHere(node, { maskIpv4: 16, windowSeconds: 60 }, stage('raw'))).lines_read).toBe(1)
})

test('a threshold of the rules is such a setting, for the stage that uses it; its default is the one of before', async () => {
  await runHere(node, {}, stage('aggregated'))
  await runHere(node, { failedLogins: 5, failureRequests: 20, failureShare: 0.5 }, stage('aggregated'))
  await expect(runHere(node, { failedLogins: 8 }, stage('aggregated'))).rejects.toMatchObject({
    what: 'Stage aggregated was begun with failedLogins 5 and is now asked for with failedLogins 8.',
    kind: 'refused',
  })
  await runHere(node, {}, stage('private'))
  await runHere(node, { failedLogins: 8, failureShare: 0.9 }, stage('private'))
})

test('another epoch begins at the first byte', async () => {
  await runHere(node, {}, stage('structured'))
  expect((await runHere(node, {}, stage('structured'))).lines_read).toBe(0)
  writeFileSync(`${node.dataset}/epoch`, 'wxyz6789')
  expect((await runHere(node, { epoch: 'wxyz6789' }, stage('structured'))).rows).toEqual({ log_results: 1 })
})
