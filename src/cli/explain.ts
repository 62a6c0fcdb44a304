import { type ExplainedLine, explainLine } from '../../processors/explain/explain-line.ts'
import { createLineParser } from '../../processors/formats/line-parser.ts'
import { readingOf } from '../../processors/formats/reading.ts'
import { AppError } from '../core/errors.ts'
import { guessOfMost, nameFormat } from '../core/guess.ts'
import { jsonText } from '../core/json.ts'
import { linesOf } from '../core/lines.ts'
import { noMatch, reasonWords } from '../core/refusals.ts'
import { sanitize } from '../core/sanitize.ts'
import { type LogOptions, readingLogs, withLogOptions } from './format-option.ts'
import { configOf } from './options.ts'
import { outputSettings } from './output-settings.ts'
import type { Call, Verb } from './verb.ts'

/** Lines of a stage's columns; those that another stage has alike are left out. */
const columns = (title: string, row: Readonly<Record<string, string | null>>, other: typeof row = {}): string[] =>
  Object.entries(row)
    .filter(([name, value]) => value !== other[name])
    .map(([name, value], i) => `${(i === 0 ? title : '').padEnd(12)}${name.padEnd(14)}${sanitize(value ?? 'NULL')}`)

const textOf = (explained: ExplainedLine): string => {
  const head = `${'line'.padEnd(12)}${sanitize(explained.line)}`
  if (!explained.understood) {
    const format = explained.format === null ? '' : `, in ${explained.format}`
    const guess = explained.reason === noMatch ? guessOfMost([explained.line]) : undefined
    const looks = guess === undefined ? '' : `; it looks like ${guess.title}`
    return `${[
      head,
      `${'refused'.padEnd(12)}${reasonWords(explained.reason)} (${explained.reason})${format}${looks}`,
      ...(explained.reason === noMatch ? [`${'next'.padEnd(12)}${guess?.next ?? nameFormat}`] : []),
    ].join('\n')}\n`
  }
  const { structured, aggregated, rules } = explained
  const [from, to] = aggregated.window
  return `${[
    head,
    `${'format'.padEnd(12)}${explained.format}`,
    ...columns('structured', Object.fromEntries(Object.entries(structured).filter(([, value]) => value !== null))),
    ...columns('private', explained.private, structured),
    `${'aggregated'.padEnd(12)}${from} to ${to}${aggregated.endpoint === null ? '' : `, ${sanitize(aggregated.endpoint)}`}`,
    ...(rules.length === 0 ? ['none'] : rules).map(
      (rule, i) => `${(i === 0 ? 'rules' : '').padEnd(12)}${sanitize(rule)}`,
    ),
  ].join('\n')}\n`
}

async function* givenLines({ context }: Call, line: string | undefined): AsyncGenerator<string> {
  if (line !== undefined) {
    yield* line.split('\n')
    return
  }
  if (context.stdin.isTTY)
    throw new AppError({
      what: 'There is no line to explain.',
      why: 'None was given, and standard input is this terminal.',
      next: ["Give one in quotes: bbq explain 'LINE'", 'Or pipe a log in: head -20 access.log | bbq explain'],
      kind: 'usage',
    })
  yield* linesOf(context.stdin)
}

/** `bbq explain 'LINE'`: what every stage makes of a line; exit code 1 where one was not understood. */
export const explainVerb: Verb = (program, act) => {
  withLogOptions(
    program
      .command('explain')
      .description('what every stage makes of a log line, given here or on standard input')
      .argument('[line]', 'the line, in quotes'),
  ).action(
    act(async (outer, line: string | undefined, given: LogOptions) => {
      const call = readingLogs(outer, given)
      const config = configOf(call, call.context.env)
      const reading = readingOf(config.logs.format, config.logs.client)
      const now = call.context.now()
      const parse = createLineParser(reading, { second: Math.floor(now / 1000), micros: 0 })
      const options = { settings: outputSettings(config), reading, nowUs: BigInt(Math.floor(now)) * 1000n }
      let refused = 0
      let explained = 0
      for await (const one of givenLines(call, line)) {
        const parsed = one.trim() === '' ? undefined : parse(one)
        if (parsed === undefined) continue
        const found = explainLine(one, parsed, options)
        if (!found.understood) refused += 1
        call.print(call.json ? jsonText(found) : `${explained === 0 ? '' : '\n'}${textOf(found)}`)
        explained += 1
      }
      if (explained === 0) call.say('Nothing but blank lines and directives came.')
      return refused === 0 ? 0 : 1
    }),
  )
}
