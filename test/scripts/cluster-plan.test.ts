import { describe, expect, test } from 'vitest'
import { type ClusterPlan, planOf, usualNodes } from '../../scripts/cluster/plan.ts'
import { AppError } from '../../src/core/errors.ts'

const plan = (port = 1234, nodes = usualNodes): ClusterPlan => planOf({ dir: '/state', cache: '/cache', port, nodes })

const allPorts = ({ port, natsPort, nodes }: ClusterPlan): readonly number[] => [
  port,
  natsPort,
  ...nodes.flatMap(({ apiPort, publisherPort }) => [apiPort, publisherPort]),
]

describe('the plan of a cluster', () => {
  test('gives each node a disk, a bridge and ports of its own', () => {
    const { nodes } = plan()
    expect(nodes.map(({ name, cloud, region }) => [name, cloud, region])).toEqual([
      ['aws-1', 'aws', 'us-east-1'],
      ['gcp-1', 'gcp', 'us-central1'],
      ['azure-1', 'azure', 'eastus'],
    ])
    for (const key of ['data', 'images', 'run', 'socket', 'bridge', 'network', 'apiPort', 'publisherPort'] as const)
      expect(new Set(nodes.map((node) => node[key])).size, key).toBe(3)
  })

  test('lets two clusters stand side by side, a hundred ports apart', () => {
    const [one, other] = [plan(1234), plan(1334)]
    expect(new Set([...allPorts(one), ...allPorts(other)]).size).toBe(16)
    expect(one.run).not.toBe(other.run)
    const networks = [...one.nodes, ...other.nodes].map(({ network }) => network)
    expect(new Set(networks).size).toBe(6)
  })

  test('keeps within what the kernel takes for names of bridges and sockets', () => {
    const many = Array.from({ length: 50 }, (_, i) => `node-${i}-${'x'.repeat(20)}:aws:us-east-1`).join(',')
    for (const { bridge, socket } of plan(58_000, many).nodes) {
      expect(bridge.length).toBeLessThanOrEqual(15)
      expect(`${socket}/containerd/containerd.sock`.length).toBeLessThanOrEqual(107)
    }
  })

  test.each([
    ['a port that is none', 80, usualNodes],
    ['a port that is no number', Number.NaN, usualNodes],
    ['a node without a region', 1234, 'aws-1:aws'],
    ['a name that is no folder', 1234, '../aws:aws:us-east-1'],
    ['one name twice', 1234, 'a:aws:us-east-1,a:gcp:us-central1'],
  ])('refuses %s', (_, port, nodes) => {
    expect(() => plan(port, nodes)).toThrow(AppError)
  })
})
