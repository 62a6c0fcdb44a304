// Opens a live sandbox in the folder that it is given, starts a job that does not end, and says whose processes run.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTiny, tinyRequest } from '../sandbox/open-tiny.ts'

const [stateDir = ''] = process.argv.slice(2)
const { cluster } = await openTiny({ stateDir, live: true })
const call = { signal: new AbortController().signal }
const job = await cluster.submit(tinyRequest({ parameters: ['--do', 'wait'] }), call)
for await (const { executions } of cluster.watch(job, call)) {
  const logs = await Promise.all(
    executions.map(({ id }) => cluster.logs({ jobId: job.jobId, executionId: id }, call).catch(() => [])),
  )
  const pids = logs.flat().flatMap((line) => (line.startsWith('pid ') ? [Number(line.slice(4))] : []))
  if (pids.length < 2) continue
  const generator = join(stateDir, 'sandbox', 'live.json.pid')
  while (!existsSync(generator)) await sleep(20)
  pids.push(Number(readFileSync(generator, 'utf8')))
  process.stdout.write(`${JSON.stringify(pids)}\n`)
}
