import { posix } from 'node:path'
import type { Config } from '../../config/config.ts'

/** Where a task sees its node's data folder. */
export const dataTarget = '/var/log/app'

const bare = /^[A-Za-z0-9._:/-]+$/

/** Fills `{{.name}}` in: words stand as they are, everything else as JSON, which is YAML too. An unknown name is an error. */
export const renderTemplate = (template: string, values: Readonly<Record<string, unknown>>): string =>
  template.replaceAll(/\{\{\.(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the job template names ${name}, which nothing fills in`)
    return typeof value === 'string' && bare.test(value) ? value : JSON.stringify(value)
  })

/** A folder of the node as an input source of a job. */
export const directory = (source: string, target: string, access: 'read' | 'write') => ({
  Target: target,
  Source: { Type: 'localDirectory', Params: { SourcePath: source, ReadWrite: access === 'write' } },
})

/** The folder of every node that holds its log; simulated nodes have each their own under this name. */
export const dataFolder = ({ cluster }: Config): string =>
  cluster.kind === 'sandbox' ? '/bacalhau_data' : cluster.data

/** Bacalhau's word for the network of a job. */
export const networkOf = ({ cluster }: Config): string => (cluster.network === 'host' ? 'Host' : 'Bridge')

/** Where a task finds the one program of its node. */
export const programPath = (runtime: string): string => posix.join(dataTarget, '.bbq/runtime', runtime, 'run.mjs')
