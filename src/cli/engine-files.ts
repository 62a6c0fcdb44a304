import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import type { Files } from '../engine/ports.ts'

const runsFile = (stateDir: string): string => join(stateDir, 'runs.json')

/** The text of runs.json, or undefined while there is none. */
export const readRuns = (stateDir: string): Promise<string | undefined> =>
  readFile(runsFile(stateDir), 'utf8').catch(() => undefined)

const writeRuns = async (stateDir: string, text: string): Promise<void> => {
  const file = runsFile(stateDir)
  await mkdir(dirname(file), { recursive: true })
  // two stages may end together
  const aside = `${file}.${randomUUID()}`
  await writeFile(aside, text)
  await rename(aside, file)
}

/** Writes into the working folder and never over a file that is there: `summary.md`, then `summary-2.md`. */
const writeExport = async (name: string, text: string): Promise<string> => {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let n = 1; ; n++) {
    const path = n === 1 ? name : `${stem}-${n}${extension}`
    try {
      await writeFile(path, text, { flag: 'wx' })
      return path
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
    }
  }
}

/** Files of the engine below the state folder; `apart` keeps a run out of the record of the demo. */
export const engineFiles = (stateDir: string, apart: boolean): Files => {
  let last: Promise<void> = Promise.resolve()
  return {
    readRuns: () => (apart ? Promise.resolve(undefined) : readRuns(stateDir)),
    writeRuns: (text) => {
      if (apart) return Promise.resolve()
      // one after another, so that the newest is what stays
      last = last.catch(() => undefined).then(() => writeRuns(stateDir, text))
      return last
    },
    writeExport,
  }
}
