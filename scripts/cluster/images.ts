import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../src/core/errors.ts'
import { type DockerPlace, docker, startDocker, stopDocker } from './docker.ts'
import { makeRoot, nodeVersion } from './image-root.ts'
import { freePort } from './machine.ts'
import type { ClusterPlan } from './plan.ts'
import { endDaemon, startDaemon } from './process.ts'
import { logFile } from './state.ts'
import { run, type Steps } from './step.ts'
import { until } from './wait.ts'

export const image = 'node:24-bookworm-slim'

/** Data root of a Docker in which the images are; every node gets a copy. */
const imageStore = (plan: ClusterPlan): string => join(plan.cache, `images-${nodeVersion}`)

/** Makes the images once, without any registry of the internet. */
export const prepareImages = async (plan: ClusterPlan, steps: Steps): Promise<void> => {
  const store = imageStore(plan)
  if (existsSync(store)) return
  steps.say(`making the image ${image} from Debian packages and Node ${nodeVersion}`)
  const root = mkdtempSync(join(plan.cache, 'image-'))
  const fresh = `${store}.${process.pid}`
  const place: DockerPlace = {
    name: 'docker-images',
    images: fresh,
    run: join(plan.run, 'images'),
    socket: join(plan.run, 'images', 'sock'),
    bridge: 'none',
  }
  try {
    await makeRoot(plan, root, steps)
    await startDocker(plan, place, steps)
    await importImage(root, place, steps)
    await giveDigest(plan, place, steps)
    await stopDocker(plan, place)
    // somebody else may have been faster
    if (!existsSync(store)) renameSync(fresh, store)
  } finally {
    await stopDocker(plan, place)
    for (const folder of [root, fresh]) rmSync(folder, { recursive: true, force: true })
  }
}

const importImage = async (root: string, { socket }: DockerPlace, steps: Steps): Promise<void> => {
  const archive = `${root}.tar`
  try {
    await run(steps, 'tar', ['-C', root, '-cf', archive, '.'])
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    await docker(socket, ['import', '--change', `ENV ${path}`, '--change', 'CMD ["node"]', archive, image], steps)
  } finally {
    rmSync(archive, { force: true })
  }
}

/** Bacalhau bids only for an image with a digest; a push gives it one, which stays when that registry is gone. */
const giveDigest = async (plan: ClusterPlan, { socket }: DockerPlace, steps: Steps): Promise<void> => {
  const address = `127.0.0.1:${await freePort()}`
  const folder = mkdtempSync(join(plan.dir, 'registry-'))
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: "${address}"}\n`,
  )
  const log = logFile(plan, 'registry')
  const registry = startDaemon('docker-registry', ['serve', config], { env: process.env, cwd: folder, log })
  try {
    const answers = (): Promise<boolean> =>
      fetch(`http://${address}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      )
    const late = () => new AppError({ what: 'docker-registry did not start.', next: [`Read ${log}`] })
    await until(10_000, answers, late, steps.signal)
    await docker(socket, ['tag', image, `${address}/${image}`], steps)
    await docker(socket, ['push', '--quiet', `${address}/${image}`], steps)
  } finally {
    await endDaemon(registry)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Gives a node the images: layers are only read, so links do; the small databases are copied. */
export const copyImages = async (plan: ClusterPlan, to: string, steps: Steps): Promise<void> => {
  if (existsSync(to)) return
  const store = imageStore(plan)
  const fresh = `${to}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  chmodSync(fresh, 0o711)
  const layers = readdirSync(store).includes('overlay2') ? 'overlay2' : undefined
  if (layers === undefined)
    throw new AppError({
      what: 'Docker keeps its images without overlay2 here.',
      next: [`Put --dir and --cache on a file system that has it, such as ext4 or xfs; then remove ${store}.`],
    })
  const linked = ['--archive', '--link', join(store, layers), fresh]
  await run(steps, 'cp', linked).catch(() => {
    rmSync(join(fresh, layers), { recursive: true, force: true })
    return run(steps, 'cp', ['--archive', join(store, layers), fresh])
  })
  await run(steps, 'cp', ['--archive', join(store, 'image'), fresh])
  renameSync(fresh, to)
}
