import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const generatorSchema = z.object({
  /** The cluster that it runs on, as it is called on screen. */
  cluster: z.string(),
  jobId: z.string(),
  nodes: z.array(z.string()),
  command: z.string(),
  /** Milliseconds since the epoch. */
  submittedAt: z.number(),
})

/** A log generator that was started from this state folder. */
export type StartedGenerator = z.infer<typeof generatorSchema>

const fileSchema = z.object({ generators: z.array(generatorSchema) })

const fileOf = (stateDir: string): string => join(stateDir, 'generator.json')

/** The generators that were started from this state folder and not stopped from it since. */
export const readGenerators = async (stateDir: string): Promise<readonly StartedGenerator[]> => {
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

export const rememberGenerator = async (stateDir: string, generator: StartedGenerator): Promise<void> =>
  write(stateDir, [...(await readGenerators(stateDir)), generator])

export const forgetGenerator = async (stateDir: string, jobId: string): Promise<void> =>
  write(
    stateDir,
    (await readGenerators(stateDir)).filter((one) => one.jobId !== jobId),
  )
