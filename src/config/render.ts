import { dump } from 'js-yaml'
import type { ConfigKey, ConfigSection } from './key.ts'

/** Lines of a YAML value under its name, at a depth of two spaces each. */
const valueLines = (name: string, value: unknown, depth: number): readonly string[] =>
  dump({ [name]: value }, { flowLevel: 2, lineWidth: -1 })
    .trimEnd()
    .split('\n')
    .map((line) => `${'  '.repeat(depth)}${line}`)

const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** What to write for a key: a value, a commented line, or nothing. */
export type Shown = { readonly value: unknown; readonly commented?: boolean } | undefined

/** The sections as YAML with the help of every key that is shown above it. */
export const renderSections = (sections: readonly ConfigSection[], show: (key: ConfigKey) => Shown): string =>
  sections
    .map((section) => renderSection(section, show))
    .filter((text) => text !== '')
    .join('\n')

const renderSection = (section: ConfigSection, show: (key: ConfigKey) => Shown): string => {
  const lines: string[] = []
  let open: readonly string[] = [section.name]
  for (const key of section.keys) {
    const shown = show(key)
    if (shown === undefined) continue
    const words = key.path.split('.')
    const parents = words.slice(0, -1)
    for (let depth = 1; depth < parents.length; depth++)
      if (open[depth] !== parents[depth]) lines.push(`${'  '.repeat(depth)}${parents[depth]}:`)
    open = parents
    const depth = parents.length
    lines.push(...wrap(key.meta.help, 96).map((line) => `${'  '.repeat(depth)}# ${line}`))
    const value = valueLines(words.at(-1) ?? key.path, shown.value, 0)
    lines.push(...value.map((line) => `${'  '.repeat(depth)}${shown.commented === true ? '# ' : ''}${line}`))
  }
  return lines.length === 0 ? '' : `# ${section.help}\n${section.name}:\n${lines.join('\n')}\n`
}
