import { setTimeout as pause } from 'node:timers/promises'
import type { CallOptions } from '../warehouse.ts'
import { stopped } from './request.ts'

const firstPauseMs = 200
const longestPauseMs = 5_000
const defaultMs = 120_000

/** The options of several calls that share one deadline: each has what is left of it. */
export const sharedBy = ({ signal, deadlineMs = defaultMs }: CallOptions): (() => CallOptions) => {
  const over = performance.now() + deadlineMs
  return () => ({ signal, deadlineMs: Math.max(1_000, over - performance.now()) })
}

/** Asks until it is so; false when the deadline has passed. What spreads over Google's machines takes seconds or minutes. */
export const waitUntil = async (
  isSo: (call: CallOptions) => Promise<boolean>,
  { signal, deadlineMs = defaultMs }: CallOptions,
): Promise<boolean> => {
  const over = performance.now() + deadlineMs
  for (let tries = 0; ; tries += 1) {
    const left = over - performance.now()
    if (await isSo({ signal, deadlineMs: Math.max(1_000, left) })) return true
    const wait = Math.min(firstPauseMs * 2 ** tries, longestPauseMs)
    if (performance.now() + wait >= over) return false
    await pause(wait, undefined, { signal }).catch(() => {
      throw stopped()
    })
  }
}
