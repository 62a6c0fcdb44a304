import { homedir } from 'node:os'
import { join } from 'node:path'
import { exitCodes, toAppError } from '../src/core/errors.ts'
import { down } from './cluster/down.ts'
import { nextSteps } from './cluster/next-steps.ts'
import { type ClusterPlan, planOf, usualNodes } from './cluster/plan.ts'
import { readState } from './cluster/state.ts'
import { statusOf } from './cluster/status.ts'
import { up, whyNot } from './cluster/up.ts'
import { portOf, readFlags } from './read-flags.ts'

const usualDir = '/var/lib/bbq-cluster'
const usualCache = join(homedir(), '.cache/bbq-cluster')

const help = `npm run cluster -- VERB [FLAGS]     a Bacalhau cluster on this machine: an orchestrator and three nodes (Linux, root)

  up      starts it and prints a config for bbq on stdout
  down    stops it; --purge removes the nodes' disks too
  status  says what runs; exit code 1 unless all of it does
  check   says in one line why it cannot run here; exit code 1 then

  --dir DIR      state: disks, logs, the folder that all nodes mount   ${usualDir}
  --cache DIR    the bacalhau program and the image, kept   ${usualCache}
  --port PORT    of the API; ${'`'}up${'`'} counts its other ports from it   1234
  --nodes LIST   ${usualNodes}
`

const flags = {
  dir: { type: 'string', default: usualDir },
  cache: { type: 'string', default: usualCache },
  port: { type: 'string', default: '1234' },
  nodes: { type: 'string', default: usualNodes },
  purge: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const startedAt = performance.now()
const say = (text: string): void => {
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  process.stderr.write(`[${`${seconds}`.padStart(3)} s] ${text}\n`)
}

/** What runs in that folder, or what would. */
const planIn = (dir: string, planned: ClusterPlan): ClusterPlan => readState(dir)?.plan ?? planned

const main = async (argv: readonly string[], signal: AbortSignal): Promise<number> => {
  const { values, positionals } = readFlags('cluster', argv, flags)
  const [verb] = positionals
  const plan = planOf({ ...values, port: portOf(values.port) })
  if (values.help || verb === 'help') {
    process.stdout.write(help)
    return 0
  }
  switch (verb) {
    case 'up':
      process.stdout.write(nextSteps(await up(plan, { say, signal })))
      return 0
    case 'down':
      await down(planIn(plan.dir, plan), values)
      say('the cluster is down')
      return 0
    case 'status': {
      const all = await statusOf(planIn(plan.dir, plan))
      for (const { name, state, pid = '-' } of all)
        process.stdout.write(`${name.padEnd(14)} ${`${pid}`.padEnd(8)} ${state}\n`)
      return all.every(({ state }) => state === 'connected') ? 0 : exitCodes.failed
    }
    case 'check': {
      const no = await whyNot(plan)
      process.stdout.write(no === undefined ? 'A cluster can run here.\n' : `${no.message}\n`)
      return no === undefined ? 0 : exitCodes.failed
    }
    default:
      process.stderr.write(help)
      return exitCodes.usage
  }
}

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort())

try {
  process.exitCode = await main(process.argv.slice(2), stop.signal)
} catch (thrown) {
  const { what, why, next, kind } = toAppError(thrown)
  console.error([what, ...(why ? [`  why   ${why}`] : []), ...next.map((step) => `  next  ${step}`)].join('\n'))
  process.exitCode = exitCodes[kind]
}
