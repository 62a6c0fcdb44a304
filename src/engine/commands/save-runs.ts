import type { Context } from '../context.ts'
import { toProblem } from '../problem.ts'
import { renderRuns } from '../runs-file.ts'

/** Keeps the record of runs, so that they are there the next time; a record that cannot be written is pointed out. */
export const saveRuns = async (context: Context): Promise<void> => {
  const session = context.session()
  if (session === undefined) return
  const { steps, reached } = context.getState()
  const loads = context.ledger.loads()
  const text = renderRuns({
    epoch: session.epoch,
    cluster: session.cluster.about.label,
    at: context.ports.clock(),
    reached: steps[reached]?.id ?? 'setup',
    runs: Object.values(context.runs()),
    ...(loads.jobs === 0 ? {} : { loads }),
  })
  try {
    await context.ports.files.writeRuns(session.inputs === undefined ? 'nodes' : 'own logs', text)
  } catch (thrown) {
    const { what } = toProblem(thrown)
    const said = `The record of runs was not written: ${what} The runs themselves are safe in the tables.`
    context.tell({ type: 'message/shown', message: { text: said, tone: 'warn', at: context.ports.clock() } })
  }
}
