import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { programs } from '../programs.ts'

/** Hash of the one program that every node gets, by which jobs name it. */
export const runtimeHash = async (): Promise<string> =>
  createHash('sha256')
    .update(await readFile(programs.run))
    .digest('hex')
    .slice(0, 16)

/** Letters and digits for the name of a job, unique in a state folder. */
export const newId = (now: number): string => `${Math.round(now).toString(36)}${crypto.randomUUID().slice(0, 4)}`
