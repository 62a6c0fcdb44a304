import type { JobRequest } from '../../src/cluster/cluster.ts'
import { noTotals } from '../../src/core/report.ts'
import { realCluster } from './cluster.ts'

export interface RealJob {
  /** JavaScript that the task runs. */
  readonly code: string
  readonly memory?: string
  /** More keys of the task. */
  readonly task?: Readonly<Record<string, unknown>>
  /** More keys of the job. */
  readonly job?: Readonly<Record<string, unknown>>
}

let sent = 0

/** A small job for every node of the real cluster. */
export const realJob = ({ code, memory = '128Mb', task = {}, job = {} }: RealJob): JobRequest => {
  const { nodes, image } = realCluster()
  const name = `bbq-test-${process.pid}-${++sent}`
  const spec = {
    Name: name,
    Type: 'ops',
    ...job,
    Tasks: [
      {
        Name: 'main',
        Engine: { Type: 'docker', Params: { Image: image, Entrypoint: ['node'], Parameters: ['-e', code] } },
        Resources: { CPU: '0.1', Memory: memory },
        ...task,
      },
    ],
  }
  return { name, spec: JSON.stringify(spec), nodes }
}

/** JavaScript that prints a report, as a stage does at its end. */
export const printReport = (): string => {
  const report = { node: 'a-node', stage: 'raw', epoch: 'e1', ms: 1, ...noTotals }
  return `console.log(${JSON.stringify(JSON.stringify(report))})`
}
