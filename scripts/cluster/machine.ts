import { createServer } from 'node:net'
import { execa } from 'execa'
import { AppError } from '../../src/core/errors.ts'

/** Why no cluster can run on this machine, or undefined. */
export const obstacle = async (): Promise<AppError | undefined> => {
  if (process.platform !== 'linux') return cannot(`This is ${process.platform}; mount namespaces are Linux's.`, [])
  if (process.getuid?.() !== 0)
    return cannot('It needs root, for Docker and for mount namespaces.', ['Run it with sudo.'])
  const namespaces = await execa('unshare', ['--mount', 'true'], { reject: false })
  if (namespaces.failed)
    return cannot(`No mount namespace can be made here: ${namespaces.stderr.trim() || namespaces.shortMessage}.`, [
      'In a container: run it with --privileged, or at least with CAP_SYS_ADMIN.',
    ])
  return undefined
}

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
