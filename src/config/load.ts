import { readFileSync } from 'node:fs'
import { AppError } from '../core/errors.ts'
import { checkLayers } from './check.ts'
import { type Config, resolveConfig } from './config.ts'
import { envLayer, fileLayer, flagLayer, type Given, type Layer } from './layers.ts'
import { configSchema } from './schema.ts'
import { readYaml } from './yaml.ts'

export interface LoadOptions {
  /** Path of the config file. */
  readonly file: string
  /** True when a person named the file: then it must exist. */
  readonly required: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Texts of flags by the path of their key. */
  readonly flags: Readonly<Record<string, string>>
  readonly stateDir: string
}

const readText = (file: string, required: boolean): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' && !required) return undefined
    throw new AppError({
      what:
        code === 'ENOENT' ? `There is no config file ${file}.` : `The config file ${file} cannot be read (${code}).`,
      next: [
        'Give another with --config FILE, or start from config.yaml.example; without a config the demo runs on this machine.',
      ],
      kind: 'usage',
      cause: thrown,
    })
  }
}

const nest = (values: ReadonlyMap<string, Given>): Record<string, unknown> => {
  const root: Record<string, unknown> = {}
  for (const [path, { value }] of values) {
    const words = path.split('.')
    const leaf = words.pop() ?? path
    let at = root
    for (const word of words) {
      const next = at[word] ?? {}
      at[word] = next
      at = next as Record<string, unknown>
    }
    at[leaf] = value
  }
  return root
}

/** Reads file, environment and flags, the later overriding the earlier; a wrong key or value is an AppError of kind usage. */
export const loadConfig = (options: LoadOptions): Config => {
  const text = readText(options.file, options.required)
  const { layer, unknown } =
    text === undefined ? { layer: new Map(), unknown: [] } : fileLayer(readYaml(text, options.file), options.file)
  const layers: readonly Layer[] = [layer, envLayer(options.env), flagLayer(options.flags)]
  checkLayers(unknown, layers)
  const merged = new Map(layers.flatMap((one) => [...one]))
  return resolveConfig(configSchema.parse(nest(merged)), {
    ...(text === undefined ? {} : { file: options.file }),
    stateDir: options.stateDir,
    origins: Object.fromEntries([...merged].map(([path, { origin }]) => [path, origin])),
  })
}
