import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { jsonOf } from './core/json.ts'

/** Who holds something by a file, of which there is one at most. */
export const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** Start of that process as the system tells it; tells it from a later process of the same number. */
  start: z.string(),
  /** Of the machine that it runs on; this one where it is not given. */
  host: z.string().exactOptional(),
  /** ISO 8601, UTC. */
  since: z.string(),
  command: z.string(),
  /** Absolute path of its state folder. */
  stateDir: z.string().exactOptional(),
})

export type Holder = z.infer<typeof holderSchema>

/** A holder on another machine says so often that it lives, and counts as gone after a few times of silence; milliseconds. */
const beatMs = 30_000
const silentMs = 5 * beatMs

/** When a process started, in the system's own words; undefined when there is none of that number. */
export const startOf = (pid: number): string | undefined => {
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

const isAlive = (file: string, { pid, start, host = hostname() }: Holder): boolean => {
  if (host === hostname()) return startOf(pid) === start
  const beat = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  return beat !== undefined && Date.now() - beat < silentMs
}

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const livingHolder = (file: string, text = readText(file)): Holder | undefined => {
  const holder = holderSchema.safeParse(jsonOf(text ?? '')).data
  return holder !== undefined && isAlive(file, holder) ? holder : undefined
}

/** Who holds it now, if a living program does. */
export const holderOf = (file: string): Holder | undefined => livingHolder(file)

/** Moves a dead program's file away; one that changed meanwhile is put back. */
const removeStale = (file: string, stale: string): void => {
  const aside = `${file}.stale-${process.pid}`
  try {
    renameSync(file, aside)
    if (readText(aside) !== stale) linkSync(aside, file)
  } catch {
    // somebody else was faster: the next look tells
  } finally {
    rmSync(aside, { force: true })
  }
}

const isThere = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'

/** Takes the file for `mine` and returns what gives it back, or the living program that has it; undefined where it changes too fast. */
export const takeHold = (file: string, mine: Holder): (() => void) | Holder | undefined => {
  const text = JSON.stringify(mine)
  const release = (): void => {
    if (readText(file) === text) rmSync(file, { force: true })
  }
  const aside = `${file}.${process.pid}`
  writeFileSync(aside, text)
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        linkSync(aside, file)
        return release
      } catch (thrown) {
        if (!isThere(thrown)) throw thrown
      }
      const there = readText(file)
      if (there === text) return release
      const holder = livingHolder(file, there)
      if (holder !== undefined) return holder
      if (there !== undefined) removeStale(file, there)
    }
    return undefined
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Says to other machines that its holder lives, until the process ends. */
export const keepHold = (file: string): void => {
  const beat = (): void => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // given back
    }
  }
  setInterval(beat, beatMs).unref()
}
