import { AppError } from '../../src/core/errors.ts'
import { type Params, paramsSchema } from '../params.ts'

const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
const kebab = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const names = Object.keys(paramsSchema.shape)

/** Reads `--flag value` and `--flag=value`; throws an AppError of kind `usage` that names the flag. */
export const parseArgv = (argv: readonly string[]): Params => {
  const given: Record<string, string | string[]> = {}
  for (let i = 0; i < argv.length; i++) {
    const [flag = '', ...rest] = (argv[i] ?? '').split('=')
    const name = camel(flag.replace(/^--/, ''))
    if (!flag.startsWith('--') || !names.includes(name)) throw unknown(flag)
    const value = rest.length > 0 ? rest.join('=') : argv[++i]
    if (value === undefined) throw usage(`${flag} was given without a value.`)
    given[name] = name === 'input' ? [...(given['input'] ?? []), value] : value
  }
  const parsed = paramsSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    const value = given[name]
    return value === undefined ? `${kebab(name)} is missing` : `${kebab(name)} ${value}: ${issue.message}`
  })
  throw usage(`${issues.join('; ')}.`)
}

const usage = (what: string): AppError => new AppError({ what, kind: 'usage', next: [`Known flags: ${flags}`] })
const unknown = (flag: string): AppError => usage(`This program has no flag ${flag}.`)
const flags = names.map(kebab).join(' ')
