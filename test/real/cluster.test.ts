import { clusterContract, type Scenario } from '../contract/cluster.ts'
import { killNode, startNode, stopJobs, waitConnected } from './cluster.ts'
import { printReport, type RealJob, realJob } from './job.ts'
import { openReal } from './open.ts'

const after = (ms: number, code: string): string => `setTimeout(() => { ${code} }, ${ms})`

const mount = (path: string) => [
  { Target: '/data', Source: { Type: 'localDirectory', Params: { SourcePath: path, ReadWrite: true } } },
]

const jobs: Readonly<Record<Scenario, () => RealJob>> = {
  completes: () => ({ code: `console.log('hello from', os.hostname()); console.error('a warning'); ${printReport()}` }),
  'exits with 3': () => ({ code: 'process.exit(3)' }),
  'runs on': () => ({ code: after(600_000, '') }),
  'loses a node': () => ({ code: after(8_000, printReport()) }),
  'is refused': () => ({ code: printReport(), task: { Env: { SOMEBODYS_HOME: 'env:HOME' } } }),
  'may not mount': () => ({ code: printReport(), task: { InputSources: mount('/etc') } }),
  'runs out of memory': () => ({
    code: 'const kept = []; for (;;) kept.push(Buffer.alloc(8_000_000, 1))',
    memory: '64Mb',
  }),
  'finds no node': () => ({
    code: printReport(),
    job: { Constraints: [{ Key: 'cloud_provider', Operator: '=', Values: ['mars'] }] },
  }),
}

/** A node's death is known only when its heartbeats have been missing for more than a minute. */
const deadlineMs = 180_000

clusterContract(
  'a real Bacalhau cluster',
  async (scenario: Scenario) => {
    const { cluster, close } = await openReal()
    const lost = 'azure-1'
    return {
      cluster,
      request: realJob(jobs[scenario]()),
      ...(scenario === 'loses a node' ? { onRunning: () => killNode(lost) } : {}),
      dispose: async () => {
        if (scenario === 'loses a node') startNode(lost)
        await waitConnected()
        await stopJobs()
        await close()
      },
    }
  },
  { deadlineMs },
)
