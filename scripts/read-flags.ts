import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { AppError } from '../src/core/errors.ts'

/** Flags and verb of a script that is run as `npm run NAME -- VERB [FLAGS]`; what does not fit is an AppError of kind usage. */
export const readFlags = <T extends ParseArgsOptionsConfig>(name: string, argv: readonly string[], options: T) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (thrown) {
    throw new AppError({
      what: `npm run ${name} does not know that.`,
      why: thrown instanceof Error ? thrown.message : String(thrown),
      next: [`npm run ${name} -- --help`],
      kind: 'usage',
    })
  }
}

/** The number of a port; what is none is an AppError of kind usage. */
export const portOf = (text: string): number => {
  const port = Number(text)
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port
  throw new AppError({
    what: `${text} is no port.`,
    next: ['Give a number from 1 to 65535: --port 9050'],
    kind: 'usage',
  })
}
