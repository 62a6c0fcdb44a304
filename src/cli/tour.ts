import { nearestPath } from '../config/nearest.ts'
import { AppError } from '../core/errors.ts'
import type { Call, Verb } from './verb.ts'

const unknownVerb = (word: string, verbs: readonly string[]): AppError => {
  const nearest = nearestPath(word, verbs)
  return new AppError({
    what: `There is no command ${word}.`,
    ...(nearest === undefined ? {} : { why: `The nearest one is ${nearest}.` }),
    next: ['bbq --help lists the commands.'],
    kind: 'usage',
  })
}

const tour = async (call: Call): Promise<number> => {
  const { context } = call
  const { withEngine } = await import('./open-engine.ts')
  return withEngine(call, { command: 'bbq', live: true }, async (engine, config) => {
    if (context.leaveFrame === undefined) {
      const { runPlain } = await import('./plain.ts')
      return runPlain({ engine, config, print: call.print, signal: context.signal })
    }
    const [{ runTui }, { bindings }] = await Promise.all([import('../tui.tsx'), import('../engine/bindings.ts')])
    const { stdin, stdout, env } = context
    void engine.commands.countRows()
    return runTui({ engine: { ...engine, bindings }, stdin, stdout, env })
  })
}

/** `bbq` alone: the guided demo, on the screen or as plain lines. */
export const tourVerb: Verb = (program, act) => {
  program.allowExcessArguments().action(
    act((call, _options: unknown) => {
      const [word] = program.args
      if (word !== undefined)
        throw unknownVerb(
          word,
          program.commands.map((command) => command.name()),
        )
      return tour(call)
    }),
  )
}
