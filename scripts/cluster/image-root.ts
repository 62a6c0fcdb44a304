import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ClusterPlan } from './plan.ts'
import { run, type Steps } from './step.ts'

/** Of the npm package that brings Node's own build; the version of package.json's optional dependency `node`. */
export const nodeVersion = '24.21.0'

/** What the public slim image has and a job may use. */
const debianPackages = [
  ...['base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'debianutils', 'findutils', 'grep', 'gzip'],
  ...['hostname', 'libacl1', 'libattr1', 'libc-bin', 'libc6', 'libcrypt1', 'libgcc-s1', 'libgmp10', 'libpcre2-8-0'],
  ...['libselinux1', 'libstdc++6', 'libtinfo6', 'mawk', 'netbase', 'sed', 'tar', 'zlib1g'],
]

/** Makes a folder in the cache at one stroke, so that a start that was broken off leaves no half of it. */
const cached = async (plan: ClusterPlan, name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const path = join(plan.cache, name)
  if (existsSync(path)) return path
  const fresh = mkdtempSync(`${path}.`)
  try {
    await fill(fresh)
    if (!existsSync(path)) renameSync(fresh, path)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return path
}

const download = (plan: ClusterPlan, steps: Steps): Promise<string> =>
  cached(plan, 'debian', async (folder) => {
    chmodSync(folder, 0o755)
    const get = () => run(steps, 'apt-get', ['download', '-qq', ...debianPackages], { cwd: folder })
    // the lists may be missing or old
    await get().catch(async () => {
      await run(steps, 'apt-get', ['update', '-qq'], { next: ['Check the network and /etc/apt/sources.list.'] })
      return get()
    })
  })

const nodeBinary = async (plan: ClusterPlan, steps: Steps): Promise<string> => {
  const name = `node-linux-${process.arch}`
  const folder = await cached(plan, `${name}-${nodeVersion}`, async (into) => {
    await run(steps, 'npm', ['pack', `${name}@${nodeVersion}`, '--silent'], {
      cwd: into,
      next: ['Check the npm registry: npm config get registry'],
    })
    const [archive = ''] = readdirSync(into)
    await run(steps, 'tar', ['-xzf', archive, '--strip-components=2', 'package/bin/node'], { cwd: into })
    rmSync(join(into, archive))
  })
  return join(folder, 'node')
}

/** Fills an empty folder with the files of the image. */
export const makeRoot = async (plan: ClusterPlan, root: string, steps: Steps): Promise<void> => {
  chmodSync(root, 0o755)
  const debian = await download(plan, steps)
  const node = await nodeBinary(plan, steps)
  for (const name of readdirSync(debian)) await run(steps, 'dpkg-deb', ['--extract', join(debian, name), root])
  const links = [
    ['dash', 'bin/sh'],
    ['mawk', 'usr/bin/awk'],
  ] as const
  for (const [target, path] of links) {
    rmSync(join(root, path), { force: true })
    symlinkSync(target, join(root, path))
  }
  for (const name of ['passwd', 'group'])
    copyFileSync(join(root, 'usr/share/base-passwd', `${name}.master`), join(root, 'etc', name))
  for (const folder of ['tmp', 'usr/local/bin']) mkdirSync(join(root, folder), { recursive: true })
  chmodSync(join(root, 'tmp'), 0o1777)
  for (const name of ['doc', 'man', 'locale', 'info'])
    rmSync(join(root, 'usr/share', name), { recursive: true, force: true })
  copyFileSync(node, join(root, 'usr/local/bin/node'))
}
