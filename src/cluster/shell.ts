const plain = /^[A-Za-z0-9_./:=@%+,-]+$/
const secretName = /key|token|secret|password|passwd|credential/i

/** One shell word for a POSIX shell. */
export const quote = (word: string): string => (plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A command line of quoted words. */
export const commandLine = (words: readonly string[]): string => words.map(quote).join(' ')

/** `NAME=value` for a shell; a secret's value is left to the shell's own variable of that name. */
export const assignment = (name: string, value: string): string =>
  secretName.test(name) ? `${name}="$${name}"` : `${name}=${quote(value)}`
