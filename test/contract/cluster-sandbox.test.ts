import { join } from 'node:path'
import { failNode } from '../../src/cluster/sandbox/fail.ts'
import { openTiny, tinyRequest } from '../cluster/sandbox/open-tiny.ts'
import { clusterContract, type Scenario } from './cluster.ts'

const nodes = ['aws-1', 'gcp-1', 'azure-1'] as const

clusterContract('the sandbox', async (scenario: Scenario) => {
  const { cluster, stateDir, dispose } = await openTiny()
  const dir = (id: string): string => join(stateDir, 'nodes', id)
  const failAll = (failure: Parameters<typeof failNode>[1]) =>
    Promise.all(nodes.map((id) => failNode(dir(id), failure)))
  if (scenario === 'is refused') await failAll({ kind: 'refused' })
  if (scenario === 'may not mount') await failAll({ kind: 'mount' })
  if (scenario === 'runs out of memory') await failAll({ kind: 'memory' })
  const waits = scenario === 'runs on' ? ['--do', 'wait'] : []
  const exits = scenario === 'exits with 3' ? ['--do', 'exit'] : []
  if (scenario === 'loses a node') await failNode(dir('azure-1'), { kind: 'lost' })
  return {
    cluster,
    dispose,
    request: tinyRequest({
      nodes: scenario === 'finds no node' ? ['mars-1'] : nodes,
      parameters: [...waits, ...exits],
    }),
  }
})
