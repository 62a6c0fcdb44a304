type Env = Readonly<Record<string, string | undefined>>

const flagOf = (argv: readonly string[]): string | undefined => {
  const i = argv.findLastIndex((word) => word === '--color' || word.startsWith('--color='))
  const word = argv[i]
  if (word === undefined) return argv.includes('--no-color') ? 'never' : undefined
  return word === '--color' ? argv[i + 1] : word.slice('--color='.length)
}

/** The FORCE_COLOR that must stand in the environment before Ink is loaded, which knows no NO_COLOR; undefined leaves it alone. */
export const forceColor = (argv: readonly string[], env: Env): string | undefined => {
  const flag = flagOf(argv)
  if (flag === 'never') return '0'
  if (flag === 'always') return env['COLORTERM'] === 'truecolor' ? '3' : '2'
  if (env['FORCE_COLOR'] !== undefined) return undefined
  return env['NO_COLOR'] === undefined || env['NO_COLOR'] === '' ? undefined : '0'
}
