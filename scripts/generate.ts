import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderExample } from '../src/config/example.ts'
import { renderKeys } from '../src/engine/keys-page.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files that are made from the source; `--check` fails when one is stale. */
const generated = [
  { path: 'config.yaml.example', render: renderExample },
  { path: 'docs/keys.md', render: renderKeys },
] as const

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const stale = generated.filter(({ path, render }) => read(root + path) !== render())

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is stale: run npm run generate`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const { path, render } of stale) {
    writeFileSync(root + path, render())
    console.log(`wrote ${path}`)
  }
}
