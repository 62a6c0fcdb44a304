import { homedir } from 'node:os'
import { join } from 'node:path'
import { install } from '../../../scripts/bigquery/install.ts'
import { findPython } from '../../../scripts/bigquery/python.ts'
import { isUp, startServer } from '../../../scripts/bigquery/server.ts'
import { toAppError } from '../../../src/core/errors.ts'

export const localProject = 'bbq-local'

/** Away from 9050, where somebody's own server may run. */
export const plan = {
  dir: process.env['BBQ_BIGQUERY_DIR'] ?? join(homedir(), '.cache/bbq-bigquery'),
  port: Number(process.env['BBQ_BIGQUERY_PORT'] ?? 9150),
  project: localProject,
}

/** Why local-bigquery cannot run here, in one sentence; undefined when it can. */
export const whyNoBigquery = (): Promise<string | undefined> =>
  findPython(process.env).then(
    () => undefined,
    (thrown: unknown) => toAppError(thrown).what,
  )

/** Address of local-bigquery, which is installed and started when it does not run; every test uses a dataset of its own. */
export const localBigquery = async (): Promise<string> => {
  if (!(await isUp(plan))) {
    await install(plan.dir, await findPython(process.env), (text) => void process.stderr.write(`${text}\n`))
    await startServer(plan, process.env)
  }
  return `http://127.0.0.1:${plan.port}`
}
