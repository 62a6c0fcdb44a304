import { bindings } from './bindings.ts'
import type { Binding } from './keymap.ts'

const stepTitles = { setup: 'Setup', nodes: 'Nodes', stage: 'stages', query: 'Query', summary: 'Summary' } as const

const row = ({ keys, screens, help }: Binding): string => {
  const shown = keys.length > 5 ? `${keys[0]}-${keys.at(-1)}` : keys.join(', ')
  const where = screens === undefined ? 'everywhere' : screens.map((screen) => stepTitles[screen]).join(', ')
  return `| \`${shown}\` | ${where} | ${help} |\n`
}

/** The page of keys in the docs, made from the bindings. */
export const renderKeys = (): string =>
  `# Keys

Made from the table of bindings; the footer names the keys that do something now, \`?\` shows all of them. A key that does nothing
now says why in the message line. While a text is typed, letters and \`Space\` go into it.

| key | where | what it does |
| --- | --- | --- |
${bindings.map(row).join('')}`
