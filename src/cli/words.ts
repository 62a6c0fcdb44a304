/** Options that stand alone; every other one takes the word behind it as its value. */
const alone = new Set(['--json', '--plain', '--debug', '--no-color', '--help', '-h', '--version', '-V', '--yes'])

/** The words of a command line that are neither options nor their values. */
export const plainWords = (argv: readonly string[]): readonly string[] => {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') return [...words, ...argv.slice(i + 1)]
    if (!word.startsWith('-')) words.push(word)
    else if (!word.includes('=') && !alone.has(word)) i++
  }
  return words
}

/** True when one of the options stands on the command line by itself, not as a value. */
export const hasFlag = (argv: readonly string[], ...names: readonly string[]): boolean => {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') return false
    if (names.includes(word)) return true
    if (word.startsWith('-') && !word.includes('=') && !alone.has(word)) i++
  }
  return false
}
