import type { State } from '../src/engine/state.ts'

const request = /"[A-Z]+ (\S*)/g
const address = /\d\.\d+\.\d+\.\d|:[0-9a-f]*:[0-9a-f:]/
const addressInside = (line: string): boolean =>
  [...line.matchAll(request)].some(([, target = '']) => address.test(target))
/** Each frame takes the example apart again. */
const longest = 1_024
const login = /"POST \S*login/

/** A real log line to show before and after: one with an address inside its request if there is any, else a login, else the first. */
export const exampleLine = (state: State): string | undefined => {
  const { rows, peeks } = state.nodes
  const seen = rows.flatMap(({ log }) => log?.tail ?? [])
  const given = seen.length > 0 ? seen : Object.values(peeks).flatMap((peek) => peek.lines)
  const short = given.filter(({ length }) => length <= longest)
  const lines = short.length > 0 ? short : given.map((line) => line.slice(0, longest))
  return lines.find((line) => addressInside(line)) ?? lines.find((line) => login.test(line)) ?? lines[0]
}
