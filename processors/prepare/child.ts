import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError, toAppError } from '../../src/core/errors.ts'
import { jsonLine } from '../../src/core/json.ts'
import { introductionsSchema, type Prepared } from '../../src/core/preparation.ts'
import { redact } from '../../src/core/redact.ts'
import { errorCode, explainFile } from '../run/explain.ts'
import { installProgram, linkLibrary } from './install.ts'
import { introduce } from './introduce.ts'
import { confirmKeyPair } from './key-pair.ts'
import { installLibrary } from './library.ts'
import { removePrepared } from './remove.ts'

const valuesSchema = z.object({
  data: z.string(),
  runtime: z.string().default(''),
  program: z.string().default(''),
  version: z.string().default(''),
  rotate: z.boolean().default(false),
  archive: z.string().default(''),
  platform: z.string().default(''),
  integrity: z.string().default(''),
  /** File of them. */
  introductions: z.string().default(''),
})

type Values = z.infer<typeof valuesSchema>

const steps: Readonly<Record<string, (values: Values) => Promise<Prepared>>> = {
  install: async ({ data, runtime, program, version, rotate }) => {
    installProgram(data, runtime, program)
    const publicKey = await confirmKeyPair(data, rotate)
    return { type: 'installed', public_key: publicKey, duckdb: linkLibrary(data, runtime, version) }
  },
  library: async (values) => {
    installLibrary(values)
    if (!linkLibrary(values.data, values.runtime, values.version))
      throw new AppError({ what: `DuckDB's library ${values.platform} is there and was not found by the program.` })
    return { type: 'library' }
  },
  introduce: async ({ data, introductions }) => {
    const all = introductionsSchema.parse(JSON.parse(readFileSync(introductions, 'utf8')))
    return { type: 'identified', id: await introduce(data, all) }
  },
  forget: async ({ data }) => ({ type: 'removed', what: [...removePrepared(data, 'identity')] }),
  remove: async ({ data }) => ({ type: 'removed', what: [...removePrepared(data)] }),
}

/** What failed on a file names it; everything else speaks for itself. */
const explained = (thrown: unknown): AppError => {
  const path = thrown instanceof Error && 'path' in thrown ? thrown.path : undefined
  if (errorCode(thrown) === undefined || typeof path !== 'string') return toAppError(thrown)
  return explainFile(thrown, `${path} cannot be used.`, 'Look at the data folder of the node.')
}

/** Does one step of a node's preparation and says so in one JSON line of stdout; resolves to the exit code. */
export const runPrepare = async (argv: readonly string[]): Promise<number> => {
  const say = (answer: Prepared): void => void process.stdout.write(jsonLine(answer))
  try {
    const options = Object.fromEntries(
      Object.keys(valuesSchema.shape).map((name) => [
        name,
        { type: name === 'rotate' ? ('boolean' as const) : ('string' as const) },
      ]),
    )
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const step = steps[positionals[0] ?? '']
    if (step === undefined) throw new AppError({ what: `Usage: prepare ${Object.keys(steps).join('|')} --data DIR` })
    say(await step(valuesSchema.parse(values)))
    return 0
  } catch (thrown) {
    const { what, why } = explained(thrown)
    say({ type: 'failed', what: redact(what), ...(why === undefined ? {} : { why: redact(why) }) })
    return 1
  }
}
