import { z } from 'zod'
import { openJournal } from '../../../processors/checkpoint/journal.ts'

export const openCounters = (folder: string, writer: string) =>
  openJournal<Record<string, number>, string>({
    folder,
    state: z.record(z.string(), z.number()),
    entry: z.string(),
    initial: () => ({}),
    fold: (state, entry) => ({ ...state, [entry]: (state[entry] ?? 0) + 1 }),
    writer,
    limit: 7,
  })

if (import.meta.main) {
  const [folder = '', writer = '', times = ''] = process.argv.slice(2)
  const journal = openCounters(folder, writer)
  for (let i = 0; i < Number(times); i++) journal.append(() => writer)
}
