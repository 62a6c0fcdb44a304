import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../src/core/errors.ts'
import { ownFolder } from '../prepare/files.ts'
import { errorCode } from '../run/explain.ts'

/** The one generator of a node's log. */
export interface Claim {
  /** Says, at most once a second, that it lives; `now` in milliseconds since the epoch. */
  readonly beat: (now: number) => void
  readonly release: () => void
}

/** Milliseconds between two signs of life. */
const beatMs = 1_000

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const make = (path: string, text: string): boolean => {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false
    throw thrown
  }
}

/**
 * Takes a node's log for this generator: two would tear its rotation apart. One that lives is an AppError of kind refused; one that
 * was killed is known by a sign of life that stands still for `patienceMs`.
 */
export const claimLog = async (data: string, now: () => number, patienceMs = 3 * beatMs): Promise<Claim> => {
  const path = join(ownFolder(data), 'generator.alive')
  if (!make(path, `${now()}`)) {
    const before = textOf(path)
    await sleep(patienceMs)
    const after = textOf(path)
    if (after !== undefined && after !== before)
      throw new AppError({
        what: 'Another generator already writes the log of this node.',
        next: ['Stop it first: bbq logs stop'],
        kind: 'refused',
      })
    writeFileSync(path, `${now()}`, { mode: 0o600 })
  }
  let last = now()
  return {
    beat: (at) => {
      if (at - last < beatMs) return
      writeFileSync(path, `${at}`)
      last = at
    },
    release: () => rmSync(path, { force: true }),
  }
}
