/** What to say when this Node is too old to run the program, or undefined when it is not. */
export const oldNode = (version: string): string | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return undefined
  return `bbq needs Node 22.18 or later; this is Node ${version}.
  next  In a clone, run it as npm start or npm run -s bbq: npm ci brings a Node 24 along.
  next  Or install Node 24.
`
}
