import { type Cases, fakeRequest, openFake } from '../cluster/bacalhau/open-fake.ts'
import { clusterContract, type Scenario } from './cluster.ts'

const started: Cases = { 'node list': ['node-list'], 'job run': ['job-run-ops'] }

const cases: Readonly<Record<Scenario, Cases>> = {
  completes: {
    'job executions': ['running-executions', 'running-executions', 'job-executions-completed'],
    'job describe': ['job-describe-completed'],
    'job logs': ['job-logs-finished'],
  },
  'exits with 3': { 'job executions': ['running-executions', 'exit3-executions'], 'job describe': ['exit3-describe'] },
  'runs on': {
    'job executions': ['running-executions'],
    'job describe': ['running-describe'],
    'job stop': ['job-stop-quiet', 'job-stop-quiet-again'],
    'job executions after stop': ['stopped-executions'],
    'job describe after stop': ['stopped-describe'],
  },
  'loses a node': {
    'node list': ['node-list', 'node-list', 'node-list-disconnected'],
    'job executions': ['running-executions', 'running-executions', 'lost:job-executions-completed'],
    'job describe': ['lost-node-running-describe'],
  },
  'is refused': { 'job executions': ['env-refused-executions'], 'job describe': ['env-refused-describe'] },
  'may not mount': { 'job executions': ['forbidden-mount-executions'], 'job describe': ['forbidden-mount-describe'] },
  'runs out of memory': { 'job executions': ['oom-executions'], 'job describe': ['oom-describe'] },
  'finds no node': { 'job executions': ['no-nodes-executions'], 'job describe': ['no-nodes-describe'] },
}

clusterContract('the Bacalhau adapter', async (scenario: Scenario) => {
  const { cluster, dispose } = await openFake({ ...started, ...cases[scenario] })
  return { cluster, request: fakeRequest(), dispose }
})
