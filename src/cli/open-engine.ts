import { stages } from '../../processors/stages/index.ts'
import { places } from '../cluster/sandbox/places.ts'
import type { Config } from '../config/config.ts'
import { localConfig } from '../config/local.ts'
import { answersIn, questions } from '../config/questions.ts'
import { saveConfig } from '../config/save.ts'
import { unsupported } from '../config/supported.ts'
import type { OwnNode } from '../core/own-files.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import type { Ports, Timers } from '../engine/ports.ts'
import { readBefore } from './before.ts'
import { completePathIn } from './complete-path.ts'
import { copyStreams, removeStreams } from './copy-streams.ts'
import { mergeHere } from './edge-merge.ts'
import { engineFiles } from './engine-files.ts'
import { generatorBook } from './generator-file.ts'
import { holdingsFile } from './holdings-file.ts'
import { inspectLogsHere } from './inspect-logs.ts'
import { takeLock } from './lock.ts'
import { openClusterOf, openWarehouseOf } from './open-ports.ts'
import { configOf } from './options.ts'
import type { NodeInputs } from './own-inputs.ts'
import { jobTemplate, prepareFiles } from './prepare-files.ts'
import { proofFolderFor } from './proof-folder.ts'
import { newId, runtimeHash } from './runtime.ts'
import { openSetupOf } from './setup-port.ts'
import { sweepState } from './sweep.ts'
import type { Call } from './verb.ts'

export interface EngineWish {
  /** Stands in the lock, for a second program to name. */
  readonly command: string
  /** Sandbox: logs keep growing. */
  readonly live: boolean
  /** Log files of somebody's own, and the nodes that read them. */
  readonly inputs?: readonly NodeInputs[]
  /** Only these nodes. */
  readonly nodes?: readonly string[]
}

const timers: Timers = {
  every: (ms, callback) => {
    const timer = setInterval(callback, ms)
    return () => clearInterval(timer)
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

const portsOf = async (call: Call, config: Config, wish: EngineWish, inputs?: readonly OwnNode[]): Promise<Ports> => {
  const { context, stateDir } = call
  const before = await readBefore(stateDir, config, stages)
  return {
    openCluster: (options) =>
      openClusterOf(options.config, call, {
        fresh: options.fresh,
        live: options.live && wish.live,
        signal: options.signal,
        ...(options.inputs === undefined ? {} : { inputs: options.inputs }),
        ...(wish.nodes === undefined ? {} : { nodes: wish.nodes }),
      }),
    openWarehouse: (options) => openWarehouseOf(options.config, call, wish.command),
    openSetup: (wanted) => openSetupOf(wanted, context),
    config,
    local: localConfig(config, stateDir),
    saveConfig: async (answers) => {
      const kind = (answers['project.id'] ?? '').trim() === '' ? 'duckdb' : 'bigquery'
      const { file } = saveConfig(call.configFile, { 'warehouse.kind': kind, ...answers })
      return { file, config: configOf(call, context.env) }
    },
    questions,
    answers: answersIn(config),
    stages: stages.map((stage) => ({ ...stage, beforeAfter: (line) => stage.beforeAfter(line, config.logs) })),
    clock: context.now,
    newId: () => newId(context.now()),
    timers,
    files: engineFiles(stateDir, context.umask),
    stateDir,
    holdings: holdingsFile(stateDir),
    inspectLogs: inspectLogsHere(context, process.cwd(), config.logs),
    completePath: completePathIn(process.cwd(), context.env['HOME']),
    template: jobTemplate,
    prepareFiles,
    generators: generatorBook(stateDir),
    proofFolder: proofFolderFor({ opening: true }),
    merge: mergeHere(context.nodePath, stateDir),
    runtime: await runtimeHash(),
    nodeCount: places.length,
    ...(before === undefined ? {} : { before }),
    ...(inputs === undefined ? {} : { inputs }),
  }
}

/** The config of a call; somebody's own files are always read on this machine. */
const configFor = (call: Call, wish: EngineWish): Config => {
  const config = configOf(call, call.context.env)
  return wish.inputs === undefined ? config : { ...config, cluster: { ...config.cluster, kind: 'sandbox' } }
}

/** Takes the state folder and an engine over it, and gives both back whatever happens. */
export const withEngine = async <T>(
  call: Call,
  wish: EngineWish,
  use: (engine: Engine, config: Config) => Promise<T>,
): Promise<T> => {
  const config = configFor(call, wish)
  const onScreen = call.context.leaveFrame !== undefined
  const refusal = unsupported(config)
  if (refusal !== undefined && !onScreen) throw refusal
  const release = takeLock(call.stateDir, { command: wish.command, now: call.context.now() })
  try {
    await removeStreams(call.stateDir)
    await sweepState(call.stateDir)
    const inputs = wish.inputs === undefined ? undefined : await copyStreams(call, wish.inputs)
    const engine = createEngine(await portsOf(call, config, wish, inputs))
    const { signal } = call.context
    const close = (): void => {
      engine.close().catch(() => undefined)
    }
    signal.throwIfAborted()
    signal.addEventListener('abort', close)
    try {
      return await use(engine, config)
    } finally {
      signal.removeEventListener('abort', close)
      await engine.close()
    }
  } finally {
    await removeStreams(call.stateDir).catch(() => undefined)
    release()
  }
}
