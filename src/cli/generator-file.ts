import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { GeneratorBook, StartedGenerator } from '../engine/jobs/generators.ts'

const generatorSchema: z.ZodType<StartedGenerator> = z.object({
  cluster: z.string(),
  jobId: z.string(),
  nodes: z.array(z.string()),
  command: z.string(),
  submittedAt: z.number(),
})

const fileSchema = z.object({ generators: z.array(generatorSchema) })

const fileOf = (stateDir: string): string => join(stateDir, 'generator.json')

const read = async (stateDir: string): Promise<readonly StartedGenerator[]> => {
  try {
    return fileSchema.parse(JSON.parse(await readFile(fileOf(stateDir), 'utf8'))).generators
  } catch {
    return []
  }
}

const write = async (stateDir: string, generators: readonly StartedGenerator[]): Promise<void> => {
  const file = fileOf(stateDir)
  const aside = `${file}.${randomUUID()}`
  await mkdir(stateDir, { recursive: true })
  await writeFile(aside, JSON.stringify({ generators }, null, 2))
  await rename(aside, file)
}

/** The generators that were started from this state folder and not stopped from it since: `<state>/generator.json`. */
export const generatorBook = (stateDir: string): GeneratorBook => ({
  read: () => read(stateDir),
  remember: async (generator) => write(stateDir, [...(await read(stateDir)), generator]),
  forget: async (jobId) => {
    const all = await read(stateDir)
    await write(
      stateDir,
      all.filter((one) => one.jobId !== jobId),
    )
  },
})
