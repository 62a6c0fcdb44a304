import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openDemo } from './demo.ts'

const run = promisify(execFile)
const program = new URL('./programs/look.ts', import.meta.url).pathname

// The client of Google warns of ways to give it keys, looks for metadata servers, and takes addresses from this variable.
test.each([undefined, 'localhost:1', 'http://localhost:1'])(
  'a program prints nothing that it was not told to, ends when it is done, and asks the server of its config: BIGQUERY_EMULATOR_HOST=%s',
  async (host) => {
    const demo = await openDemo()
    try {
      const { BIGQUERY_EMULATOR_HOST: _, ...env } = process.env
      const { stdout, stderr } = await run(
        process.execPath,
        [program, demo.server.url, demo.server.tokenUrl, demo.credentialsPath],
        { env: { ...env, ...(host === undefined ? {} : { BIGQUERY_EMULATOR_HOST: host }) }, timeout: 20_000 },
      )
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toHaveLength(4)
      expect(demo.server.requests.count('oauth.token')).toBe(1)
    } finally {
      await demo.close()
    }
  },
)
