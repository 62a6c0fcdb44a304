import type { Session } from '../e2e/session.ts'

/** Prepares the nodes and starts their logs from Setup, by Space and Enter, until all is ready. */
export const makeReady = async ({ terminal }: Session): Promise<void> => {
  await terminal.waitFor('Space prepare nodes', 120_000)
  terminal.press('Space')
  await terminal.waitFor('Prepare 3 nodes?')
  terminal.press('Enter')
  await terminal.waitFor('Space start logs', 180_000)
  terminal.press('Space')
  await terminal.waitFor('Start the log generator')
  terminal.press('Enter')
  await terminal.waitFor('All is ready', 180_000)
}
