import type { State } from '../src/engine/state.ts'

const addressInside = /"[A-Z]+ \S*(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f]*:[0-9a-f:]+)/
const login = /"POST \S*login/

/** A real log line to show before and after: one with an address inside its request if there is any, else a login, else the first. */
export const exampleLine = (state: State): string | undefined => {
  const { rows, peeks } = state.nodes
  const seen = rows.flatMap(({ log }) => log?.tail ?? [])
  const lines = seen.length > 0 ? seen : Object.values(peeks).flatMap((peek) => peek.lines)
  return lines.find((line) => addressInside.test(line)) ?? lines.find((line) => login.test(line)) ?? lines[0]
}
