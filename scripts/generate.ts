import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { renderFormats } from '../processors/formats/page.ts'
import { renderRules } from '../processors/rules/page.ts'
import { renderExample } from '../src/config/example.ts'
import { renderKeys } from '../src/engine/keys-page.ts'
import { compileProgram } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What a node runs over the bytes of its logs, as a module that exports it in base64. */
const renderProgram = async (): Promise<string> => {
  const path = 'processors/vector/assembly/program.ts'
  const program = Buffer.from(await compileProgram(root, path)).toString('base64')
  return `/** Made of ${path} by \`npm run generate\`. */\nexport const programBytes =\n  '${program}'\n`
}

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })),
})

/** DuckDB's library as the lock file pins it, for every platform on which a node may run. */
const renderLibrary = (): string => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')))
  const prefix = 'node_modules/@duckdb/node-bindings-'
  const linux = Object.entries(packages).filter(([path]) => path.startsWith(`${prefix}linux-`))
  const lines = linux.map(([path, { integrity }]) => {
    const line = `    '${path.slice(prefix.length)}': '${integrity}',\n`
    return line.length <= 121 ? line : line.replace(': ', ':\n      ')
  })
  const version = packages['node_modules/@duckdb/node-api']?.version
  const header = '/** Made of package-lock.json by `npm run generate`. */'
  return `${header}\nexport const duckdbLibrary = {\n  version: '${version}',\n  integrity: {\n${lines.join('')}  },\n} as const\n`
}

/** Files that are made from the source; `--check` fails when one is stale. */
const generated = [
  { path: 'config.yaml.example', render: renderExample },
  { path: 'docs/keys.md', render: renderKeys },
  { path: 'docs/formats.md', render: renderFormats },
  { path: 'docs/rules.md', render: renderRules },
  { path: 'processors/vector/program.ts', render: renderProgram },
  { path: 'src/engine/prepare/duckdb-library.ts', render: renderLibrary },
] as const

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const rendered = await Promise.all(generated.map(async ({ path, render }) => ({ path, text: await render() })))
const stale = rendered.filter(({ path, text }) => read(root + path) !== text)

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is stale: run npm run generate`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const { path, text } of stale) {
    writeFileSync(root + path, text)
    console.log(`wrote ${path}`)
  }
}
