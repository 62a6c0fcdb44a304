import { describe, expect, test } from 'vitest'
import { argvOf, commandOf, mapPath, mountsOf } from '../../../src/cluster/sandbox/command.ts'
import { sandboxNode } from '../../../src/cluster/sandbox/node.ts'
import { places } from '../../../src/cluster/sandbox/places.ts'
import { parseSpec } from '../../../src/cluster/spec.ts'
import { tinyRequest } from './open-tiny.ts'

const [place] = places
if (place === undefined) throw new Error('no place')
const node = sandboxNode(place, '/state/nodes/aws-1')

const taskOf = (...given: Parameters<typeof tinyRequest>) => {
  const { name, spec } = tinyRequest(...given)
  const [task] = parseSpec(name, spec).Tasks
  if (task === undefined) throw new Error('no task')
  return task
}

describe('paths of a task on a sandbox node', () => {
  const mounts = [
    { target: '/var/log/app', source: '/state/nodes/aws-1', create: false },
    { target: '/var/log', source: '/elsewhere', create: false },
  ]
  test.each([
    ['/var/log/app', '/state/nodes/aws-1'],
    ['/var/log/app/access.log', '/state/nodes/aws-1/access.log'],
    ['/var/log/apple', '/elsewhere/apple'],
    ['folder:/var/log/app/out', 'folder:/state/nodes/aws-1/out'],
    ['--data=/var/log/app', '--data=/state/nodes/aws-1'],
    ['--sink=folder:/var/log/app/x y', '--sink=folder:/state/nodes/aws-1/x y'],
    ['/etc/passwd', '/etc/passwd'],
    ['see /var/log/app', 'see /var/log/app'],
    ['raw', 'raw'],
  ])('%s is %s', (word, mapped) => {
    expect(mapPath(word, mounts)).toBe(mapped)
  })

  test("/bacalhau_data is the node's own folder, any other source and any file is taken as it is", () => {
    const source = (Target: string, SourcePath: string, Type = 'localDirectory') => ({
      Target,
      Source: { Type, Params: { SourcePath } },
    })
    const file = source('/input/0', '/bacalhau_data/own.log', 'local')
    const task = taskOf({ task: { InputSources: [source('/a', '/bacalhau_data/in'), source('/b/', '/srv/wh'), file] } })
    expect(mountsOf(task, node)).toEqual([
      { target: '/a', source: '/state/nodes/aws-1/in', create: false },
      { target: '/b', source: '/srv/wh', create: false },
      { target: '/input/0', source: '/bacalhau_data/own.log', create: false },
    ])
    const inline = { Target: '/app', Source: { Type: 'inline', Params: { URL: 'data:,x' } } }
    expect(mountsOf(taskOf({ task: { InputSources: [inline] } }), node)).toContain('inline')
  })
})

describe('the program of a task', () => {
  const mounts = [{ target: '/var/log/app', source: '/state/nodes/aws-1', create: false }]
  const context = {
    programs: { run: '/dist/run.mjs', generate: '', inspect: '', ownLogs: '', warehouse: '', jobs: '' },
    nodePath: '/opt/node',
    env: { PATH: '/bin', SECRET_OF_MINE: 'x' },
    parentPid: 42,
  }
  const ids = { jobId: 'j-1', executionId: 'e-1' }

  test('node is the given one, and a processor is told whose child it is', () => {
    const { argv, cwd } = commandOf(taskOf(), node, mounts, ids, context)
    expect(argv).toEqual([
      '/opt/node',
      '/state/nodes/aws-1/.bbq/runtime/abc123/run.mjs',
      '--data',
      '/state/nodes/aws-1',
      '--parent-pid',
      '42',
    ])
    expect(cwd).toBe('/state/nodes/aws-1')
    expect(argvOf(taskOf({ entrypoint: ['sh'] }), mounts, '/opt/node')).toEqual(['sh', '--data', '/state/nodes/aws-1'])
  })

  test('its environment holds what Bacalhau gives, what the task says, and nothing of ours', () => {
    const task = taskOf({ task: { Env: { A: '1' } } })
    expect(commandOf(task, node, mounts, ids, context).env).toEqual({
      PATH: '/bin',
      BACALHAU_EXECUTION_ID: 'e-1',
      BACALHAU_JOB_ID: 'j-1',
      BACALHAU_JOB_TYPE: 'ops',
      BACALHAU_PARTITION_INDEX: '0',
      BACALHAU_PARTITION_COUNT: '0',
      A: '1',
    })
  })
})
