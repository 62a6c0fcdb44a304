import type { Event } from '../events.ts'
import { withSample } from '../history.ts'
import type { Growth, NodesState } from '../state.ts'

/** The nodes as last seen; when a look fails the last good ones stay. */
export const reduceNodes = (nodes: NodesState, event: Event): NodesState => {
  switch (event.type) {
    case 'nodes/received': {
      const { failure: _, ...rest } = nodes
      return { ...rest, rows: event.rows, receivedAt: event.now, growth: grown(nodes.growth, event) }
    }
    case 'nodes/failed':
      return { ...nodes, failure: event.failure }
    case 'node/opened':
      return { ...nodes, opened: event.id }
    case 'step/shown':
    case 'node/closed': {
      const { opened: _, ...rest } = nodes
      return rest
    }
    case 'readiness/received':
      return {
        ...nodes,
        readiness: { ...nodes.readiness, ...Object.fromEntries(event.readiness.map((one) => [one.id, one])) },
      }
    case 'peek/requested':
      return withPeek(nodes, event.id, { lines: nodes.peeks[event.id]?.lines ?? [], askedAt: event.now })
    case 'peek/received':
      return withPeek(nodes, event.id, { lines: event.lines, at: event.now })
    case 'peek/failed':
      return withPeek(nodes, event.id, { lines: nodes.peeks[event.id]?.lines ?? [], problem: event.problem })
    case 'opening/requested':
      return { rows: [], growth: {}, readiness: {}, peeks: {} }
    default:
      return nodes
  }
}

const withPeek = (nodes: NodesState, id: string, peek: NodesState['peeks'][string]): NodesState => ({
  ...nodes,
  peeks: { ...nodes.peeks, [id]: peek },
})

type Received = Extract<Event, { type: 'nodes/received' }>

const grown = (before: NodesState['growth'], { rows, now, missed }: Received): NodesState['growth'] => {
  const after: Record<string, Growth> = {}
  for (const { id, log, state } of rows) {
    const last = before[id]
    if (log === undefined || state === 'lost') {
      if (last !== undefined) after[id] = last
      continue
    }
    after[id] = {
      bytes: log.bytes,
      at: now,
      perSecond:
        last === undefined
          ? []
          : withSample(last.perSecond, { grown: log.bytes - last.bytes, ms: now - last.at, missed }),
    }
  }
  return after
}
