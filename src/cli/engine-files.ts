import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import type { Files, RunsOf } from '../engine/ports.ts'

const runsFile = (stateDir: string, of: RunsOf): string =>
  join(stateDir, of === 'nodes' ? 'runs.json' : 'runs-own-logs.json')

/** The text of a record of runs, or undefined while there is none. */
export const readRuns = (stateDir: string, of: RunsOf): Promise<string | undefined> =>
  readFile(runsFile(stateDir, of), 'utf8').catch(() => undefined)

const writeRuns = async (stateDir: string, of: RunsOf, text: string): Promise<void> => {
  const file = runsFile(stateDir, of)
  await mkdir(dirname(file), { recursive: true })
  // two stages may end together
  const aside = `${file}.${randomUUID()}`
  await writeFile(aside, text)
  await rename(aside, file)
}

/** Writes into the working folder and never over a file that is there: `summary.md`, then `summary-2.md`. */
const writeExport = async (name: string, text: string, umask: number): Promise<string> => {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let n = 1; ; n++) {
    const path = n === 1 ? name : `${stem}-${n}${extension}`
    try {
      await writeFile(path, text, { flag: 'wx' })
      await chmod(path, 0o666 & ~umask)
      return path
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
    }
  }
}

/** Files of the engine below the state folder. */
export const engineFiles = (stateDir: string, umask: number): Files => {
  let last: Promise<void> = Promise.resolve()
  return {
    readRuns: (of) => readRuns(stateDir, of),
    writeRuns: (of, text) => {
      // one after another, so that the newest is what stays
      last = last.catch(() => undefined).then(() => writeRuns(stateDir, of, text))
      return last
    },
    writeExport: (name, text) => writeExport(name, text, umask),
  }
}
