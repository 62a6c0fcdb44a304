import { growLogs, type LiveLogs } from '../../../processors/generate/live.ts'
import { generatorKnobsSchema } from '../../../src/core/generator.ts'
import { makeNode, type TestNode } from './test-node.ts'

/** Where an hour begins: at the start of a window. */
export const hourStart = Date.parse('2026-03-02T10:00:00Z')
const nodesOfTheDemo = 21

interface HourOfLogs {
  readonly nodes: readonly TestNode[]
  /** Lets the logs grow up to a time. */
  readonly growTo: (now: number) => void
  remove(): void
}

/** The first nodes of the demo, whose logs grow by its own generator at its own rate, by a clock of the test's. */
export const openHour = (count: number): HourOfLogs => {
  const nodes = Array.from({ length: count }, () => makeNode())
  const { rate, ...knobs } = generatorKnobsSchema.parse({})
  const logs: LiveLogs = growLogs(
    {
      nodes: nodes.map(({ log }, node) => ({ id: `node-${node}`, file: log, place: { node, nodes: nodesOfTheDemo } })),
      seed: 1,
      lines: 0,
      until: hourStart,
      knobs: { ...knobs, rate: (rate * count) / nodesOfTheDemo },
    },
    hourStart,
  )
  let at = hourStart
  return {
    nodes,
    growTo: (now) => {
      for (; at < now; at += 1000) logs.tick(Math.min(now, at + 1000))
    },
    remove: () => {
      logs.close()
      for (const node of nodes) node.remove()
    },
  }
}
