import { permissionsOf } from './roles.ts'
import type { Scope } from './types.ts'

interface Grant {
  readonly account: string
  readonly name: string
  readonly scope: Scope
  /** Where it came from, so that a new policy or access list replaces the old one. */
  readonly source: string
  /** Number of the request from which on it is seen. */
  readonly from: number
}

export interface Permissions {
  readonly add: (account: string, names: readonly string[], scope: Scope, source: string) => void
  /** Replaces all of a source by new grants; those that stay keep the time from which they are seen. */
  readonly replace: (
    source: string,
    scope: Scope,
    grants: readonly { readonly account: string; readonly name: string }[],
  ) => void
  readonly remove: (source: string, account: string) => void
  /** Whether an account may; undefined is the owner of all where nobody needs a token. */
  readonly may: (account: string | undefined, permission: string, dataset?: string) => boolean
}

/** Who may do what. `requests` counts the requests so far, by which grants arrive late. */
export const openPermissions = (requests: () => number, arriveAfter: number): Permissions => {
  let grants: Grant[] = []
  const same = (one: Grant, source: string, account: string, name: string): boolean =>
    one.source === source && one.account === account && one.name === name
  const from = (): number => requests() + (arriveAfter === 0 ? 0 : arriveAfter + 1)
  return {
    add: (account, names, scope, source) => {
      grants.push(...names.map((name) => ({ account, name, scope, source, from: from() })))
    },
    replace: (source, scope, wanted) => {
      const kept = wanted.map(
        ({ account, name }) =>
          grants.find((one) => same(one, source, account, name)) ?? { account, name, scope, source, from: from() },
      )
      grants = [...grants.filter((one) => one.source !== source), ...kept]
    },
    remove: (source, account) => {
      grants = grants.filter((one) => one.source !== source || one.account !== account)
    },
    may: (account, permission, dataset) =>
      account === undefined ||
      grants.some(
        (one) =>
          one.account === account &&
          one.from <= requests() &&
          (one.scope === 'project' || one.scope.dataset === dataset) &&
          permissionsOf(one.name).includes(permission),
      ),
  }
}
