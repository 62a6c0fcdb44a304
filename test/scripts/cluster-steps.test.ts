import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endDaemon, isAlive, killDaemon, startDaemon } from '../../scripts/cluster/process.ts'
import { run, type Steps, together } from '../../scripts/cluster/step.ts'
import { AppError } from '../../src/core/errors.ts'

const steps = (signal = new AbortController().signal): Steps => ({ say: () => {}, signal, onFailure: () => {} })

describe('the steps of a start', () => {
  test('stop when one fails, and are waited for before that is told', async () => {
    const told: string[] = []
    const patient = async ({ signal }: Steps): Promise<void> => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      told.push('the other was stopped')
    }
    const failing = async (): Promise<void> => {
      throw new AppError({ what: 'no space' })
    }
    await expect(together(steps(), [patient, failing])).rejects.toThrow('no space')
    expect(told).toEqual(['the other was stopped'])
  })

  test('tell which program failed, with its last words', async () => {
    const failed = run(steps(), 'sh', ['-c', 'echo first >&2; echo the disk is full >&2; exit 4'], {
      next: ['Make room.'],
    })
    await expect(failed).rejects.toMatchObject({ why: 'first the disk is full', next: ['Make room.'] })
    await expect(run(steps(), 'no-such-program', [])).rejects.toThrow('no-such-program')
  })

  test('end with the program that runs when somebody interrupts', async () => {
    const controller = new AbortController()
    const sleeping = run(steps(controller.signal), 'sleep', ['60'])
    controller.abort()
    await expect(sleeping).rejects.toMatchObject({ kind: 'interrupted' })
  })
})

describe.runIf(process.platform === 'linux')('a process that outlives its starter', () => {
  const start = (code: string) => {
    const cwd = mkdtempSync(join(tmpdir(), 'bbq-daemon-'))
    const log = join(cwd, 'log')
    return { log, daemon: startDaemon('sh', ['-c', code], { env: process.env, cwd, log }) }
  }

  test('is known by its id and its start, so that a later one of the same id is not taken for it', async () => {
    const { daemon } = start('exec sleep 60')
    expect(isAlive(daemon)).toBe(true)
    const another = { ...daemon, startedAt: '1' }
    expect(isAlive(another)).toBe(false)
    await killDaemon(another)
    expect(isAlive(daemon)).toBe(true)
    await endDaemon(daemon)
    expect(isAlive(daemon)).toBe(false)
  })

  test('leaves its words in the log', async () => {
    const { daemon, log } = start('echo said; echo warned >&2')
    await expect.poll(() => isAlive(daemon)).toBe(false)
    expect(readFileSync(log, 'utf8')).toBe('said\nwarned\n')
  })

  test('is named when it cannot be started', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'bbq-daemon-'))
    expect(() => startDaemon('no-such-program', [], { env: process.env, cwd, log: join(cwd, 'log') })).toThrow(
      'no-such-program did not start',
    )
  })
})
