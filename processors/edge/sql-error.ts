import { AppError } from '../../src/core/errors.ts'

/** What DuckDB says of a person's SQL: its own text, and the line and column that its arrow points at. */
export const explainSql = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown
  const text = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    /^Failed to extract statements: /,
    '',
  )
  const [first = ''] = text.split('\n', 1)
  if (/^Out of Memory Error/.test(text))
    return new AppError({ what: 'The query needs more memory than a node gives it.', why: first, cause: thrown })
  if (/file system operations are disabled|configuration has been locked/.test(text))
    return new AppError({
      what: 'The query may read the log of its node and nothing else.',
      why: first,
      kind: 'refused',
      cause: thrown,
    })
  const hint = /^(?:Candidate bindings|Did you mean)[^\n]*/m.exec(text)?.[0]
  return new AppError({
    what: `The query has an error${positionIn(text)}.`,
    why: hint === undefined ? first : `${first} ${hint}`,
    kind: 'usage',
    cause: thrown,
  })
}

const positionIn = (text: string): string => {
  const [, label = '', line = '', code = '', arrow = ''] = /^(LINE (\d+): )(.*)\n( *)\^/m.exec(text) ?? []
  if (line === '') return ''
  const column = arrow.length - label.length
  // a long line is shown from its middle, where the arrow's place says nothing of the query's
  const cut = code.startsWith('...')
  const near = code.slice(Math.max(0, column)).trim().slice(0, 60)
  return ` in line ${line}${cut ? '' : `, column ${column + 1}`}${near === '' ? '' : `, at: ${near}`}`
}
