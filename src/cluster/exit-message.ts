/** 128 + SIGABRT */
const aborted = 134

/** Why an execution that ended with an exit code other than 0 did so: the code, and what stderr says of it. */
export const exitMessage = (exitCode: number, stderr: readonly string[]): string | undefined => {
  if (exitCode === 0) return undefined
  const words = crashOf(stderr) ?? stderr.findLast((line) => line.trim() !== '' && !line.startsWith('{'))
  if (words === undefined && exitCode === aborted)
    return `exit code ${exitCode}: it was aborted without a word, as where no thread or no memory is left for it`
  return words === undefined ? undefined : `exit code ${exitCode}: ${words.trim().slice(0, 600)}`
}

/** What a Node that could not even start says stands in the middle of its stack. */
const crashOf = (stderr: readonly string[]): string | undefined => {
  if (!stderr.some((line) => /^Node\.js v\d/.test(line))) return undefined
  const error = stderr.find((line) => /^(?:\w*Error|Error \[\w+\])\b/.test(line))
  if (error === undefined) return undefined
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(error)?.[1]
  return missing === undefined ? error : unprepared(missing)
}

/** Both are put on a node when it is prepared. */
const unprepared = (missing: string): string => {
  const runtime = /\/\.bbq\/runtime\/([^/]+)\/run\.mjs$/.exec(missing)?.[1]
  if (runtime !== undefined)
    return `this node was not prepared for this version of bbq: its processor ${runtime} is not there`
  if (missing.startsWith('@duckdb/')) return `this node was not prepared: DuckDB (${missing}) is not there`
  return `${missing} is not there`
}
