import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const explainOldNode = (): void => {
  const system = process.env['npm_config_user_agent']?.match(/node\/v(\d+)/)?.[1]
  if (system === undefined || Number(system) >= 22) return
  console.log(
    `EBADENGINE warnings above come from Node ${system} running npm. bbq itself runs under Node ${process.versions.node}, which this install brought along.`,
  )
}

const needNode = (): void => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return
  console.error(`bbq needs Node 22.18 or later, this is ${process.versions.node}.`)
  console.error('The npm package node@24, an optional dependency, brings one; it was not installed here.')
  console.error('Install Node 24, or run npm ci where optional packages and their install scripts are allowed.')
  process.exit(1)
}

const build = async (): Promise<void> => {
  const { rolldown } = await import('rolldown')
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }
  const common = {
    cwd: root,
    platform: 'node' as const,
    external: [/^@duckdb\//, 'react-devtools-core'],
    transform: {
      define: { 'process.env.NODE_ENV': '"production"', 'import.meta.BBQ_VERSION': JSON.stringify(version) },
    },
  }
  const bundles = [
    { input: { main: 'src/main.ts' }, extension: 'js' },
    { input: { run: 'processors/run.ts' }, extension: 'mjs' },
    { input: { generate: 'processors/generate.ts' }, extension: 'mjs' },
    { input: { warehouse: 'src/warehouse/duckdb/child.ts' }, extension: 'mjs' },
  ]
  rmSync(`${root}dist`, { recursive: true, force: true })
  for (const { input, extension } of bundles) {
    const bundle = await rolldown({ ...common, input })
    await bundle.write({
      dir: `${root}dist`,
      format: 'esm',
      minify: true,
      entryFileNames: `[name].${extension}`,
      chunkFileNames: 'chunks/[name]-[hash].js',
    })
    await bundle.close()
  }
  chmodSync(`${root}dist/main.js`, 0o755)
}

needNode()
await build()
explainOldNode()
