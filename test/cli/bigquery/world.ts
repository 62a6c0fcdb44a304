import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { startStandIn } from '../../bigquery/server/stand-in.ts'
import type { StandInOptions } from '../../bigquery/server/types.ts'
import { bbq, type Ended } from '../bbq.ts'

export const dataEditor = 'roles/bigquery.dataEditor'
export const jobUser = 'roles/bigquery.jobUser'

/** A folder with a config and both key files, beside a stand-in that has granted nothing yet. */
export const openWorld = async (options: StandInOptions = {}) => {
  const server = await startStandIn({ projectId: 'demo-project', ...options })
  const folder = mkdtempSync(join(tmpdir(), 'bbq-rights-'))
  const printed: string[] = []
  writeFileSync(join(folder, 'credentials.json'), server.keyFile('operator'), { mode: 0o600 })
  writeFileSync(join(folder, 'log_uploader_credentials.json'), server.keyFile('uploader'), { mode: 0o600 })
  writeFileSync(
    join(folder, 'config.yaml'),
    [
      'project:',
      `  id: ${server.projectId}`,
      'warehouse:',
      `  api_endpoint: ${server.url}`,
      `  token_endpoint: ${server.tokenUrl}`,
      '',
    ].join('\n'),
  )
  const run = async (args: readonly string[]): Promise<Ended> => {
    const ended = await bbq(folder, args, { HOME: folder, GOOGLE_APPLICATION_CREDENTIALS: '', CLOUDSDK_CONFIG: folder })
    printed.push(ended.stdout, ended.stderr)
    return ended
  }
  return {
    server,
    folder,
    run,
    /** The object that a verb prints with --json. */
    json: async (args: readonly string[], code = 0) => {
      const ended = await run([...args, '--json'])
      if (ended.code !== code) throw new Error(`exit ${ended.code}, not ${code}: ${ended.stdout}${ended.stderr}`)
      // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
      return JSON.parse(ended.stdout) as any
    },
    /** Secrets that stand in anything printed so far. */
    leaks: (): readonly string[] => {
      const secrets = ['operator', 'uploader'].flatMap((account) => {
        const { private_key, private_key_id } = JSON.parse(server.keyFile(account)) as Record<string, string>
        return [private_key_id ?? '', ...(private_key ?? '').split('\n').filter((line) => line.length > 40)]
      })
      const text = printed.join('\n')
      return [...secrets, 'PRIVATE KEY', 'ya29.', 'Bearer '].filter((secret) => text.includes(secret))
    },
    close: async () => {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type RightsWorld = Awaited<ReturnType<typeof openWorld>>

/** A world for one test: closed after it, when nothing that it printed may hold a secret. */
export const openForTest = async (options: StandInOptions = {}): Promise<RightsWorld> => {
  const world = await openWorld(options)
  onTestFinished(async () => {
    expect(world.leaks()).toEqual([])
    await world.close()
  })
  return world
}
