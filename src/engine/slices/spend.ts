import type { Spend } from '../cost/spend.ts'
import type { Event } from '../events.ts'

/** What the session has spent, as its account told last. */
export const reduceSpend = (spend: Spend, event: Event): Spend => (event.type === 'spend/changed' ? event.spend : spend)
