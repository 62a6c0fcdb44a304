import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import { bacalhau, docker, realCluster } from './cluster.ts'

const run = promisify(execFile)

export interface Secret {
  /** Text of a key file with a key of its own. */
  readonly keyFile: string
  /** Texts by which its private key would be found, as it is and in base64. */
  readonly marks: readonly string[]
}

/** A new key file of a service account that does not exist. */
export const newSecret = (): Secret => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const keyFile = JSON.stringify({
    type: 'service_account',
    project_id: 'a-project',
    private_key: pem,
    client_email: 'uploader@a-project.iam.gserviceaccount.com',
  })
  const inside = pem.split('\n').slice(5, 8)
  const coded = inside.flatMap((line) =>
    [0, 1, 2].map((offset) =>
      Buffer.from('x'.repeat(offset) + line)
        .toString('base64')
        .slice(4, 60),
    ),
  )
  return { keyFile, marks: [...inside, ...coded] }
}

/** The marks that stand in a text. */
export const marksIn = ({ marks }: Secret, text: string): readonly string[] =>
  marks.filter((mark) => text.includes(mark))

/** Files below the folders in which a mark stands, with their modes; images of containers are left out. */
export const filesWith = async (
  { marks }: Secret,
  folders: readonly string[],
): Promise<readonly { readonly path: string; readonly mode: string }[]> => {
  const patterns = marks.flatMap((mark) => ['-e', mark])
  const args = ['-rlaF', '--exclude-dir=overlay2', '--exclude-dir=image', ...patterns, '--', ...folders]
  const { stdout } = await run('grep', args, { maxBuffer: 100_000_000 }).catch((failed: { readonly code?: number }) => {
    // 1: nothing was found; 2: a file went away meanwhile, what was found is told all the same
    if (failed.code === 1 || failed.code === 2) return failed as { readonly stdout: string }
    throw failed
  })
  return stdout
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => ({ path, mode: (statSync(path).mode & 0o777).toString(8) }))
}

/** All that the cluster tells of its jobs: specs, executions, histories, descriptions, logs, and its containers' settings. */
export const clusterTells = async (): Promise<string> => {
  const jobs = JSON.parse(await bacalhau(['job', 'list', '--limit', '0', '--output', 'json'])) as readonly {
    readonly ID: string
  }[]
  const told = [JSON.stringify(jobs)]
  for (const { ID } of jobs)
    for (const args of [
      ['job', 'describe', ID],
      ['job', 'describe', ID, '--output', 'json'],
      ['job', 'executions', ID, '--output', 'json', '--limit', '0'],
      ['job', 'history', ID, '--output', 'json', '--limit', '0'],
    ])
      told.push(await bacalhau(args))
  for (const node of realCluster().nodes) {
    const ids = (await docker(node, ['ps', '--all', '--quiet'])).split('\n').filter((id) => id !== '')
    for (const id of ids) told.push(await docker(node, ['inspect', id]), await docker(node, ['logs', id]))
  }
  return told.join('\n')
}

/** Everything that the cluster keeps on this machine, the nodes' disks included. */
export const clusterFolder = (): string => inject('cluster').plan.dir
