import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { duckdbLibrary } from '../src/engine/prepare/duckdb-library.ts'

// Puts DuckDB's library for every architecture that the image is built for into .image, by Docker's names for them.

const root = fileURLToPath(new URL('..', import.meta.url))
const platforms = { amd64: 'linux-x64', arm64: 'linux-arm64' } as const
const { version, integrity } = duckdbLibrary

rmSync(join(root, '.image'), { recursive: true, force: true })
for (const [architecture, platform] of Object.entries(platforms)) {
  const name = `@duckdb/node-bindings-${platform}`
  const folder = mkdtempSync(join(tmpdir(), 'bbq-image-'))
  try {
    execFileSync('npm', ['pack', `${name}@${version}`, '--pack-destination', folder, '--silent'], { stdio: 'pipe' })
    const archive = join(folder, readdirSync(folder)[0] ?? '')
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64')
    if (`sha512-${hash}` !== integrity[platform])
      throw new Error(`${name}@${version} is not the package of package-lock.json: its hash is sha512-${hash}`)
    const target = join(root, '.image', architecture, 'node_modules', name)
    mkdirSync(target, { recursive: true })
    execFileSync('tar', ['-xzf', archive, '--strip-components=1', '--no-same-owner', '-C', target])
    console.log(`.image/${architecture}: ${name} ${version}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
console.log('Now: docker build --tag NAME .   (an old docker needs --build-arg TARGETARCH=amd64)')
