import { type AppError, toAppError } from '../core/errors.ts'
import { sanitize } from '../core/sanitize.ts'
import type { DoctorCheck } from './doctor-check.ts'
import { wrapText } from './wrap-text.ts'

/** What one check came to. */
export interface Finding {
  readonly id: string
  readonly title: string
  readonly detail?: string
  readonly error?: AppError
  /** What a person may do although nothing is wrong. */
  readonly next?: readonly string[]
  /** False when what comes after it is not looked at. */
  readonly goesOn: boolean
  /** Title of the check that has to be put right before this one is looked at. */
  readonly first?: string
}

/** A finding as an object of `--json`. */
export const findingJson = ({ id, title, detail, error, next, goesOn }: Finding) => ({
  id,
  title,
  ok: error === undefined && goesOn,
  detail: detail ?? null,
  problem: error === undefined ? null : { what: error.what, why: error.why ?? null, next: error.next },
  next: next ?? [],
})

/** A check that is not made because one before it found something that has to be put right first. */
export const notLookedAt = (
  { id, title, after }: Pick<DoctorCheck, 'id' | 'title' | 'after'>,
  earlier: readonly Finding[],
): Finding | undefined => {
  const needed = earlier.find((finding) => finding.id === after)
  if (needed?.goesOn !== false) return undefined
  const first = needed.first ?? needed.title
  return { id, title, detail: `not checked: ${first} first`, goesOn: false, first }
}

/** Makes a check, unless one before it stands in its way; only what ends the program is thrown. */
export const find = async (check: DoctorCheck, earlier: readonly Finding[]): Promise<Finding> => {
  const { id, title } = check
  const blocked = notLookedAt(check, earlier)
  if (blocked !== undefined) return blocked
  try {
    const verdict = await check.run()
    if (typeof verdict === 'string') return { id, title, detail: verdict, goesOn: true }
    return 'fault' in verdict
      ? { id, title, error: verdict.fault, goesOn: true }
      : { id, title, detail: verdict.detail, next: verdict.next, goesOn: true }
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.kind === 'interrupted') throw error
    return { id, title, error, goesOn: false }
  }
}

const clean = (text: string): string =>
  sanitize(text.replaceAll(/\s+/g, (blank) => (blank.includes('\n') ? ' ' : blank)))

const leastRoom = 30

/** A finding as lines for a person; `width` is that of the longest title, `columns` of the terminal where there is one. */
export const findingText = (
  { title, detail, error, next = [], goesOn }: Finding,
  width: number,
  columns?: number,
): string => {
  const line = (mark: string, head: string, text: string): string =>
    `${mark.padEnd(9)}${head.padEnd(width + 2)}${clean(text)}`
  const margin = width + 11
  const prose = (mark: string, head: string, text: string): string =>
    columns === undefined || columns - margin < leastRoom
      ? line(mark, head, text)
      : wrapText(clean(text), columns, ' '.repeat(margin)).replace(' '.repeat(margin), line(mark, head, ''))
  // a step may hold a command line, which is copied whole
  const steps = (all: readonly string[]): readonly string[] => all.map((step) => line('', '  next', step))
  if (error === undefined) return [prose(goesOn ? 'ok' : '-', `${title}:`, detail ?? ''), ...steps(next)].join('\n')
  return [
    prose('problem', `${title}:`, error.what),
    ...(error.why === undefined ? [] : [prose('', '  why', error.why)]),
    ...steps(error.next),
  ].join('\n')
}
