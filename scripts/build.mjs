import { chmodSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Plain JavaScript, so that an old Node can still say which one is needed.

const root = fileURLToPath(new URL('..', import.meta.url))
const bundles = [
  { input: { main: 'src/main.ts' }, extension: 'js' },
  // One file goes to every node: only DuckDB's library, which is put there once, stays outside.
  { input: { run: 'processors/run.ts' }, extension: 'mjs', external: [/^@duckdb\/node-bindings-/], whole: true },
  { input: { inspect: 'processors/inspect.ts' }, extension: 'mjs' },
  { input: { generate: 'processors/generate.ts' }, extension: 'mjs' },
  { input: { 'own-logs': 'processors/own-logs.ts' }, extension: 'mjs' },
  { input: { warehouse: 'src/warehouse/duckdb/child.ts' }, extension: 'mjs' },
]

const needNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return
  console.error(`bbq needs Node 22.18 or later, this is ${process.versions.node}.`)
  console.error('The npm package node@24, an optional dependency, brings one; it was not installed here.')
  console.error('Install Node 24, or run npm ci where optional packages and their install scripts are allowed.')
  process.exit(1)
}

const explainWarnings = () => {
  const system = Number(process.env.npm_config_user_agent?.match(/node\/v(\d+)/)?.[1] ?? 24)
  if (process.env.npm_command !== 'ci' && process.env.npm_command !== 'install') return
  if (system >= 22) return
  console.log(
    `The EBADENGINE warnings speak of Node ${system}, which runs npm. bbq runs under Node ${process.versions.node}, which this install brought along.`,
  )
}

const build = async () => {
  const { rolldown } = await import('rolldown')
  const fresh = `${root}dist.new`
  rmSync(fresh, { recursive: true, force: true })
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  for (const { input, extension, external = [/^@duckdb\//, 'react-devtools-core'], whole = false } of bundles) {
    const bundle = await rolldown({
      cwd: root,
      input,
      platform: 'node',
      external,
      transform: {
        define: { 'process.env.NODE_ENV': '"production"', 'import.meta.BBQ_VERSION': JSON.stringify(version) },
      },
    })
    await bundle.write({
      dir: fresh,
      format: 'esm',
      minify: true,
      ...(whole ? { codeSplitting: false } : {}),
      entryFileNames: `[name].${extension}`,
      chunkFileNames: 'chunks/[name]-[hash].js',
    })
    await bundle.close()
  }
  chmodSync(`${fresh}/main.js`, 0o755)
  rmSync(`${root}dist`, { recursive: true, force: true })
  renameSync(fresh, `${root}dist`)
}

needNode()
await build()
explainWarnings()
