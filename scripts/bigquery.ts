import { homedir } from 'node:os'
import { join } from 'node:path'
import { AppError, exitCodes, toAppError } from '../src/core/errors.ts'
import { install } from './bigquery/install.ts'
import { findPython } from './bigquery/python.ts'
import { isUp, type ServerPlan, startServer, stopServer } from './bigquery/server.ts'
import { portOf, readFlags } from './read-flags.ts'

const help = `npm run bigquery -- VERB [FLAGS]     local-bigquery on this machine: BigQuery's REST API over DuckDB, for tries and tests

  up      installs it once (770 MB, one to three minutes), starts it and prints a config for bbq on stdout
  down    stops it; --purge removes its tables too
  status  says whether it runs; exit code 1 unless it does
  check   says in one line why it cannot run here; exit code 3 then

  --dir DIR      the program, kept, and its tables   ~/.cache/bbq-bigquery
  --port PORT    on 127.0.0.1; the next but nine is taken too   9050
  --project ID   that its tables belong to   bbq-local

It needs Python 3.13; BBQ_PYTHON names one that is not on the PATH. No account, no key: any call is answered.
`

const flags = {
  dir: { type: 'string', default: join(homedir(), '.cache/bbq-bigquery') },
  port: { type: 'string', default: '9050' },
  project: { type: 'string', default: 'bbq-local' },
  purge: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const configFor = ({ port, project }: ServerPlan): string =>
  `project:\n  id: ${project}\nwarehouse:\n  api_endpoint: http://127.0.0.1:${port}\n`

const main = async (argv: readonly string[]): Promise<number> => {
  const { values, positionals } = readFlags('bigquery', argv, flags)
  const [verb] = positionals
  if (values.help || verb === undefined) {
    process.stdout.write(help)
    return 0
  }
  const plan: ServerPlan = { dir: values.dir, port: portOf(values.port), project: values.project }
  switch (verb) {
    case 'check':
      await findPython(process.env)
      return 0
    case 'up': {
      if (!(await isUp(plan))) {
        await install(plan.dir, await findPython(process.env), say)
        await startServer(plan, process.env)
      }
      process.stdout.write(configFor(plan))
      return 0
    }
    case 'down':
      await stopServer(plan, values.purge)
      return 0
    case 'status': {
      const up = await isUp(plan)
      say(up ? `answers on http://127.0.0.1:${plan.port}` : 'does not run')
      return up ? 0 : 1
    }
    default:
      throw new AppError({ what: `There is no verb ${verb}.`, next: ['npm run bigquery -- --help'], kind: 'usage' })
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (thrown: unknown) => {
    const { what, why, next, kind } = toAppError(thrown)
    say([what, ...(why === undefined ? [] : [`  why   ${why}`]), ...next.map((one) => `  next  ${one}`)].join('\n'))
    process.exitCode = exitCodes[kind]
  },
)
