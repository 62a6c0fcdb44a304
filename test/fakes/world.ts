import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stages } from '../../processors/stages/index.ts'
import { type Config, resolveConfig } from '../../src/config/config.ts'
import { questions } from '../../src/config/questions.ts'
import { configSchema } from '../../src/config/schema.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import type { Ports, RunsOf } from '../../src/engine/ports.ts'
import { programs } from '../../src/programs.ts'
import { type FakeCluster, type FakeClusterOptions, fakeCluster } from './cluster.ts'
import { type FakeTime, fakeTime, settle } from './time.ts'
import { type FakeWarehouse, fakeWarehouse } from './warehouse.ts'

const template = (name: string): string => readFileSync(join(programs.jobs, `${name}.yaml`), 'utf8')

export interface World {
  readonly engine: Engine
  readonly cluster: FakeCluster
  readonly warehouse: FakeWarehouse
  readonly time: FakeTime
  /** Written files by name; runs.json among them. */
  readonly files: Map<string, string>
  readonly saved: Readonly<Record<string, string>>[]
  /** Presses a key as the screens do, and lets everything settle that needs no time. */
  readonly press: (key: string) => Promise<void>
}

/** The default config, with what a test sets. */
export const configOf = (given: Record<string, unknown> = {}): Config =>
  resolveConfig(configSchema.parse(given), { stateDir: '/state', origins: {} })

const recordOf = (of: RunsOf): string => (of === 'nodes' ? 'runs.json' : 'runs-own-logs.json')

/** An engine over a cluster, a warehouse and a clock that are all in memory. */
export const world = (options: FakeClusterOptions & Partial<Ports> = {}): World => {
  const time = fakeTime()
  const warehouse = fakeWarehouse({ now: time.now })
  const cluster = fakeCluster({
    now: time.now,
    onReport: (report) =>
      warehouse.arrive(
        'log_results',
        Array.from({ length: Math.min(20, report.lines_parsed) }, (_, i) => ({
          chunk_id: `${report.epoch}-${report.stage}-${report.node}`,
          remote_log_id: `${report.node}/f/${i}`,
          version: report.stage,
          sync_time: new Date(time.now()).toISOString(),
          timestamp: new Date(time.now() - i * 1_000).toISOString(),
        })),
      ),
    ...options,
  })
  const files = new Map<string, string>()
  const saved: Readonly<Record<string, string>>[] = []
  let ids = 0
  const engine = createEngine({
    openCluster: async () => cluster,
    openWarehouse: async () => warehouse,
    config: configOf(),
    local: configOf(),
    saveConfig: async (answers) => {
      saved.push(answers)
      return { file: 'config.yaml', config: configOf() }
    },
    questions,
    answers: {},
    stages,
    clock: time.now,
    newId: () => `id${++ids}`,
    timers: time.timers,
    files: {
      readRuns: async (of) => files.get(recordOf(of)),
      writeRuns: async (of, text) => {
        files.set(recordOf(of), text)
      },
      writeExport: async (name, text) => {
        files.set(name, text)
        return name
      },
    },
    stateDir: '/state',
    holdings: { look: async () => ({ kind: 'nothing' }), note: async () => {} },
    inspectLogs: async () => ({ nodes: [], problems: [] }),
    completePath: async (text) => ({ text, candidates: [] }),
    template: async (name) => template(name),
    generators: { read: async () => [], remember: async () => {}, forget: async () => {} },
    prepareFiles: () => ({
      template: async (name) => template(name),
      inspector: async () => '',
      program: async () => new Uint8Array(),
      keyFile: async () => undefined,
    }),
    merge: async ({ columns, rows }, { limit }) => ({
      columns,
      rows: rows.slice(0, limit),
      truncated: rows.length > limit,
    }),
    runtime: 'abc123',
    nodeCount: 21,
    ...options,
  })
  const press = async (key: string): Promise<void> => {
    const state = engine.store.getState()
    const kind = state.steps.find(({ id }) => id === state.current)?.kind ?? 'setup'
    const found = engine.bindings.find(
      ({ keys, screens }) => keys.includes(key) && (screens === undefined || screens.includes(kind)),
    )
    if (found === undefined) return
    if (found.when(state)) void found.run(engine.commands, state, key)
    else engine.commands.say(found.why(state), 'warn')
    await settle()
  }
  return { engine, cluster, warehouse, time, files, saved, press }
}
