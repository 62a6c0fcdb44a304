/** Why an execution that ended with an exit code other than 0 did so: the code and the last words on stderr. */
export const exitMessage = (exitCode: number, stderr: readonly string[]): string | undefined => {
  if (exitCode === 0) return undefined
  const words = stderr.findLast((line) => line.trim() !== '' && !line.startsWith('{'))
  return words === undefined ? undefined : `exit code ${exitCode}: ${words.trim().slice(0, 600)}`
}
