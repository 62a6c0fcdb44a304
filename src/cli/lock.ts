import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../core/errors.ts'
import { type Holder, holderOf, startOf, takeHold } from '../hold-file.ts'
import { closeToOthers } from './state-folder.ts'

interface Given {
  readonly command: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** This process as a holder. */
export const thisProcess = ({ command, now }: Given): Holder => ({
  pid: process.pid,
  start: startOf(process.pid) ?? '',
  since: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
  command,
})

/** Who holds the state folder now, if a living program does. */
export const lockHolder = (stateDir: string): Holder | undefined => holderOf(join(stateDir, 'lock'))

const held = (stateDir: string, holder: Holder): AppError =>
  new AppError({
    what: `The state folder ${stateDir} is in use by process ${holder.pid} (${holder.command}), since ${holder.since}.`,
    why: 'One program at a time may write there.',
    next: ['End that one first (q, or Ctrl-C), or take another folder with --state DIR.'],
  })

/** Takes the state folder for this process; returns what gives it back. A living holder is an AppError. */
export const takeLock = (stateDir: string, given: Given): (() => void) => {
  const file = join(stateDir, 'lock')
  const taken = take(stateDir, file, given)
  if (typeof taken === 'function') return taken
  if (taken !== undefined) throw held(stateDir, taken)
  throw new AppError({ what: `The lock ${file} could not be taken.`, next: [`Remove ${file} and run it again.`] })
}

const take = (stateDir: string, file: string, given: Given): ReturnType<typeof takeHold> => {
  try {
    makeFolder(resolve(stateDir))
    closeToOthers(stateDir)
    return takeHold(file, thisProcess(given))
  } catch (thrown) {
    throw unwritable(stateDir, thrown)
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
