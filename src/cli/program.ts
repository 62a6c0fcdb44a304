import { Command, CommanderError } from 'commander'
import { AppError, exitCodes, toAppError } from '../core/errors.ts'
import { redact } from '../core/redact.ts'
import type { CliContext } from './context.ts'
import { addCommonOptions, commonOptions } from './options.ts'
import { renderError } from './print-error.ts'
import type { Act, Call } from './verb.ts'
import { verbs } from './verbs.ts'

const helpEnds = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version'])

/** What commander found wrong, in our words. */
const usageError = (error: CommanderError): AppError => {
  const [first = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const [, what = first, why] = /^(.+? is invalid)\. (.+)$/.exec(first) ?? []
  return new AppError({
    what: `${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, '')}.`,
    ...(why === undefined ? {} : { why }),
    next: [
      ...(hint === undefined ? [] : [hint.replace(/[()]/g, '')]),
      'bbq --help lists the commands, bbq COMMAND --help their options.',
    ],
    kind: 'usage',
    cause: error,
  })
}

const callOf = (context: CliContext, command: Command): Call => ({
  ...commonOptions(command),
  context,
  print: (text) => {
    context.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  },
  say: (line) => {
    context.stderr.write(`${redact(line)}\n`)
  },
})

/** Runs the command that the arguments name; returns the exit code. Errors are told on stderr. */
export const runProgram = async (context: CliContext): Promise<number> => {
  let code = 0
  const act: Act = (run) =>
    async function (this: Command, ...given) {
      code = await run(callOf(context, this), ...given)
    }
  const program = new Command('bbq')
    .exitOverride()
    .helpCommand(true)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
  addCommonOptions(program)
  for (const verb of verbs) verb(program, act)
  try {
    await program.parseAsync(context.argv, { from: 'user' })
    const onScreen = context.leaveFrame !== undefined
    return context.signal.aborted && !onScreen ? exitCodes.interrupted : code
  } catch (thrown) {
    context.leaveFrame?.()
    if (thrown instanceof CommanderError && helpEnds.has(thrown.code)) return 0
    const error = thrown instanceof CommanderError ? usageError(thrown) : toAppError(thrown)
    context.stderr.write(renderError(error, context.argv.includes('--debug')))
    return context.signal.aborted ? exitCodes.interrupted : exitCodes[error.kind]
  }
}
