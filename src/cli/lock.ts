import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../core/errors.ts'
import { closeToOthers } from './state-folder.ts'

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** Start of that process as the system tells it; tells it from a later process of the same number. */
  start: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
  command: z.string(),
})

export type Holder = z.infer<typeof holderSchema>

/** When a process started, in the system's own words; undefined when there is none of that number. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    try {
      process.kill(pid, 0)
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
    } catch {
      return undefined
    }
  }
}

const isAlive = (holder: Holder): boolean => startOf(holder.pid) === holder.start

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const parseHolder = (text: string | undefined): Holder | undefined => {
  try {
    return holderSchema.safeParse(JSON.parse(text ?? '')).data
  } catch {
    return undefined
  }
}

/** Who holds the state folder now, if a living program does. */
export const lockHolder = (stateDir: string): Holder | undefined => {
  const holder = parseHolder(readText(join(stateDir, 'lock')))
  return holder !== undefined && isAlive(holder) ? holder : undefined
}

const held = (stateDir: string, holder: Holder): AppError =>
  new AppError({
    what: `The state folder ${stateDir} is in use by process ${holder.pid} (${holder.command}), since ${holder.since}.`,
    why: 'One program at a time may write there.',
    next: ['End that one first (q, or Ctrl-C), or take another folder with --state DIR.'],
  })

/** Moves a dead program's lock away; a lock that changed meanwhile is put back. */
const removeStale = (file: string, stale: string, pid: number): void => {
  const aside = `${file}.stale-${pid}`
  try {
    renameSync(file, aside)
    if (readText(aside) !== stale) linkSync(aside, file)
  } catch {
    // somebody else was faster: the next look tells
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Takes the state folder for this process; returns what gives it back. A living holder is an AppError. */
export const takeLock = (stateDir: string, given: { readonly command: string; readonly now: number }): (() => void) => {
  const file = join(stateDir, 'lock')
  const { pid } = process
  const mine = JSON.stringify({
    pid,
    start: startOf(pid) ?? '',
    since: new Date(given.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    command: given.command,
  } satisfies Holder)
  const aside = `${file}.${pid}`
  try {
    makeFolder(resolve(stateDir))
    closeToOthers(stateDir)
    writeFileSync(aside, mine)
  } catch (thrown) {
    throw unwritable(stateDir, thrown)
  }
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        linkSync(aside, file)
        return () => {
          if (readText(file) === mine) rmSync(file, { force: true })
        }
      } catch (thrown) {
        if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'))
          throw unwritable(stateDir, thrown)
      }
      const text = readText(file)
      const holder = parseHolder(text)
      if (holder !== undefined && isAlive(holder)) throw held(stateDir, holder)
      if (text !== undefined) removeStale(file, text, pid)
    }
    throw new AppError({ what: `The lock ${file} could not be taken.`, next: [`Remove ${file} and run it again.`] })
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Makes a folder and those above it. Node's own recursive call never returns where the system answers ENOENT for good, as /proc does. */
const makeFolder = (path: string): void => {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (thrown) {
    if (!existsSync(path)) throw thrown
  }
}

const unwritable = (stateDir: string, cause: unknown): AppError =>
  new AppError({
    what: `The state folder ${stateDir} cannot be written (${cause instanceof Error && 'code' in cause ? cause.code : cause}).`,
    next: ['Make it writable, or take another with --state DIR.'],
    kind: 'usage',
    cause,
  })
