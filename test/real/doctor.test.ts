import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyNodes, fillLogs, openWorkplace, type Workplace } from './bbq.ts'
import { nodeData, realCluster } from './cluster.ts'

interface Check {
  readonly id: string
  readonly ok: boolean
  readonly detail: string | null
  readonly problem: { readonly what: string; readonly why: string | null; readonly next: readonly string[] } | null
}

describe('doctor on a real cluster', () => {
  let place: Workplace

  const doctor = async (...args: readonly string[]) => {
    const { stdout, stderr, code } = await place.bbq('doctor', '--json', ...args)
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] }
    const wrong = checks.filter(({ ok }) => !ok).map(({ id }) => id)
    return { code, stderr, wrong, of: (id: string) => checks.find((check) => check.id === id) }
  }

  beforeAll(async () => {
    emptyNodes()
    place = await openWorkplace()
  })
  afterAll(() => place.close())

  test('tells a new cluster what it still needs', async () => {
    const { wrong, of, code } = await doctor()
    expect(wrong).toEqual(['prepared', 'logs'])
    expect(code).toBe(4)
    expect(of('prepared')?.problem?.next).toEqual(['Prepare the nodes: bbq nodes prepare'])
    expect(of('logs')?.problem?.what).toBe(
      `access.log is missing on 3 of 3: ${realCluster().nodes.toSorted().join(', ')}.`,
    )
  })

  test('finds nothing wrong once the nodes are prepared and have logs', async () => {
    await fillLogs(50)
    const prepared = await place.bbq('nodes', 'prepare')
    expect(prepared.code, prepared.stdout + prepared.stderr).toBe(0)
    const { wrong, code, of } = await doctor()
    expect(wrong).toEqual([])
    expect(code).toBe(0)
    expect(of('access')?.detail).toBe('no credentials, may send jobs')
    expect(of('folder')?.detail).toMatch(/on 3 of 3$/)
  })

  test('one node without a log is named', async () => {
    const [node = ''] = realCluster().nodes
    writeFileSync(join(nodeData(node), 'access.log'), '')
    expect((await doctor()).of('logs')?.problem).toMatchObject({
      what: `access.log is missing on 1 of 3: ${node}.`,
      why: 'the file is empty.',
    })
  })

  test('a folder here that is not the one of the nodes is refused, also when a stage is to run', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bbq-elsewhere-'))
    const { wrong, of } = await doctor('--warehouse-path', elsewhere)
    expect(wrong).toContain('folder')
    expect(of('folder')?.problem?.what).toMatch(/^The warehouse's folder is not shared with /)
    const { code, stderr } = await place.bbq('run', 'raw', '--warehouse-path', elsewhere)
    expect(code, stderr).toBe(4)
    expect(stderr).toContain('is not shared with')
    rmSync(elsewhere, { recursive: true })
  })

  test('a mount that the nodes do not allow, and an image that is not to be had, are told as that', async () => {
    const mount = await doctor('--cluster-data', '/etc')
    expect(mount.of('mounts')?.problem?.next[0]).toContain('AllowListedLocalPaths')
    expect(mount.of('image')?.detail).toBe('not checked: Mounts first')
    const image = await doctor('--cluster-image', 'nope.invalid/nothing:1')
    expect(image.of('image')?.problem?.next[0]).toContain('cluster.image')
    expect(image.of('prepared')?.detail).toBe('not checked: Image first')
  })
})
