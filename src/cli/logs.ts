import { InvalidArgumentError } from 'commander'
import { idList } from './id-list.ts'
import { clean } from './logs-clean.ts'
import { peek } from './logs-peek.ts'
import { start } from './logs-start.ts'
import { stop } from './logs-stop.ts'
import type { Verb } from './verb.ts'

/** What a node keeps of an execution's output is bounded; so is a screen. */
const mostShown = 300
const mostFilled = 100_000_000
const fastest = 200_000

const numberIn =
  (from: number, to: number, whole = true) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value
    throw new InvalidArgumentError(`It takes a ${whole ? 'whole ' : ''}number from ${from} to ${to}.`)
  }

/** `bbq logs`: what lies on the nodes. */
export const logsVerb: Verb = (program, act) => {
  const logs = program.command('logs').description("the nodes' logs: peek at one, let them grow, remove them")
  logs
    .command('peek')
    .description("the first lines of one node's log, as they lie there")
    .argument('[node]', 'node; the first connected one by default')
    .option('--lines <n>', 'how many', numberIn(1, mostShown), 10)
    .option('--tail', 'the last lines instead')
    .action(act(peek))
  logs
    .command('start')
    .description('the log generator on the nodes of a cluster, until it is stopped')
    .option('--rate <n>', 'lines a second of all nodes together (default: generator.rate)', numberIn(0, fastest, false))
    .option('--fill <n>', 'lines that an empty log begins with (default: demo.lines)', numberIn(0, mostFilled))
    .option('--nodes <ids>', 'only these nodes, such as aws-1,gcp-2', idList)
    .action(act(start))
  logs.command('stop').description('end the log generator on every node').action(act(stop))
  logs
    .command('clean')
    .description('remove the logs of nodes, after showing them; the tables keep their rows')
    .argument('[nodes...]', 'nodes; all connected ones by default')
    .option('--yes', 'do not ask')
    .action(act(clean))
}
