import { clusterContract } from '../contract/cluster.ts'
import { fakeCluster } from './cluster.ts'

const spec = (name: string): string =>
  JSON.stringify({
    Name: name,
    Type: 'ops',
    Tasks: [
      { Name: 'main', Engine: { Type: 'docker', Params: { Image: 'node', Entrypoint: ['node'], Parameters: [] } } },
    ],
  })

clusterContract('the cluster in memory', async (scenario) => {
  const fate = scenario === 'loses a node' ? 'runs on' : scenario
  const cluster = fakeCluster({ fate })
  const nodes = (await cluster.nodes({ signal: new AbortController().signal })).map(({ id }) => id)
  return {
    cluster,
    request: { name: 'job-1', spec: spec('job-1'), nodes },
    ...(scenario === 'loses a node'
      ? {
          onRunning: async () => {
            cluster.lose('aws-1')
            cluster.finish()
          },
        }
      : {}),
    dispose: async () => {},
  }
})
