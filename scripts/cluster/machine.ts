import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'

/** Why no cluster can run on this machine, or undefined. */
export const obstacle = async (): Promise<AppError | undefined> => {
  if (process.platform !== 'linux') return cannot(`This is ${process.platform}; mount namespaces are Linux's.`, [])
  if (process.getuid?.() !== 0)
    return cannot('It needs root, for Docker and for mount namespaces.', ['Run it with sudo.'])
  const namespaces = await execa('unshare', ['--mount', 'true'], { reject: false, stdin: 'ignore' })
  if (namespaces.failed) return inContainer('no mount namespace can be made', namespaces.stderr)
  const probe = mkdtempSync(join(tmpdir(), 'bbq-probe-'))
  try {
    const tried = await execa('unshare', ['--mount', 'sh', '-c', tryDocker], {
      cwd: probe,
      reject: false,
      stdin: 'ignore',
    })
    if (tried.failed) return inContainer('what Docker does is not allowed', tried.stderr)
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
  return undefined
}

/** The two that Docker needs and that containers often lack: an overlay mount, and a control group. */
const tryDocker = `
mkdir lower upper work merged &&
mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged &&
group=/sys/fs/cgroup && { [ -e $group/cgroup.controllers ] || group=$group/memory; } &&
mkdir $group/bbq-probe-$$ && rmdir $group/bbq-probe-$$`

const inContainer = (what: string, stderr: string): AppError =>
  cannot(`Here ${what}${stderr.trim() === '' ? '' : `: ${stderr.trim()}`}.`, [
    'In a container: run it with --privileged.',
  ])

const cannot = (why: string, next: readonly string[]): AppError =>
  new AppError({
    what: 'No cluster can be started on this machine.',
    why,
    next: [...next, 'Or use a cluster elsewhere: cluster.api in config.yaml.'],
  })

/** A port on which nobody listens. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

export const isFree = (port: number): Promise<boolean> =>
  new Promise((tell) => {
    const server = createServer()
    server.once('error', () => tell(false))
    // on all interfaces, as the publishers do
    server.listen(port, () => server.close(() => tell(true)))
  })

export const mustBeFree = async (port: number, what: string): Promise<void> => {
  if (await isFree(port)) return
  throw new AppError({
    what: `The port ${port} is taken, and ${what} needs it.`,
    why: 'Another cluster or another program listens there.',
    next: [`Find it: ss -ltnp 'sport = :${port}'`, 'Or start this cluster elsewhere: --port 1434 --dir OTHER'],
  })
}
