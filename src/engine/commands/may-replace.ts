import { AppError } from '../../core/errors.ts'
import type { Context } from '../context.ts'
import { holdingText } from '../holding-text.ts'
import { countRows } from './count-rows.ts'

/** Refuses to replace what may be somebody's own, unless a person agreed. Whatever empties tables or removes nodes to start anew asks here first. */
export const mayReplace = async (context: Context, agreed: boolean): Promise<void> => {
  const { ports } = context
  const config = context.config()
  const holding = await ports.holdings.look(config)
  if (holding.kind !== 'own' || agreed) return
  const counted = holding.tables === 0 ? undefined : await countRows(context, config)
  const text = holdingText(holding, { counted, now: ports.clock() })
  throw new AppError({
    what: `Nothing was replaced: ${ports.stateDir} holds ${text}.`,
    why: 'A new demo starts with empty tables. Unasked it replaces only what a demo made.',
    next: [
      'Start the demo in another folder: bbq --state demo',
      ...(holding.strangeNodes === undefined
        ? ['Or empty the tables, then start again: bbq reset --yes']
        : [`Or move ${holding.strangeNodes} away, then start again.`]),
      'Your own logs go through a stage with: bbq run raw --input FILE',
    ],
    kind: 'refused',
  })
}
