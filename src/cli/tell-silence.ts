import type { Engine } from '../engine/engine.ts'

interface Ears {
  readonly now: () => number
  readonly say: (line: string) => void
}

/** Says once of each node of a running stage when nothing is heard of it any more, and when it is heard again. Returns how to stop. */
export const tellSilence = ({ store }: Pick<Engine, 'store'>, stageId: string, { now, say }: Ears): (() => void) => {
  const told = new Set<string>()
  return store.subscribe(() => {
    for (const { id, silentSince, state } of store.getState().runs[stageId]?.nodes ?? []) {
      if (silentSince !== undefined && !told.has(id)) {
        told.add(id)
        say(
          `${id}: no news for ${Math.floor((now() - silentSince) / 1000)} s. Bacalhau gives a node up after about 77 s.`,
        )
      } else if (silentSince === undefined && told.delete(id) && (state === 'running' || state === 'waiting'))
        say(`${id}: heard of again.`)
    }
  })
}
