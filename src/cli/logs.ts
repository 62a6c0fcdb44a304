import { InvalidArgumentError } from 'commander'
import { peek } from './logs-peek.ts'
import type { Verb } from './verb.ts'

/** What a node keeps of an execution's output is bounded; so is a screen. */
const mostLines = 300

const lineCount = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > mostLines)
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${mostLines}.`)
  return value
}

/** `bbq logs`: what lies on the nodes. */
export const logsVerb: Verb = (program, act) => {
  const logs = program.command('logs').description("the nodes' logs: look at one")
  logs
    .command('peek')
    .description("the first lines of one node's log, as they lie there")
    .argument('[node]', 'node; the first connected one by default')
    .option('--lines <n>', 'how many', lineCount, 10)
    .option('--tail', 'the last lines instead')
    .action(act(peek))
}
