/** What a program may run short of, and what a person can do. */
const shortages: Readonly<Record<string, readonly [why: string, next: string]>> = {
  EMFILE: ['This program may not open more files at once.', 'Allow more: ulimit -n 4096'],
  ENFILE: ['This machine may not open more files at once.', 'End other programs, or raise fs.file-max.'],
  EAGAIN: ['This user may not start more processes at once.', 'End other programs, or allow more: ulimit -u 4096'],
  ENOMEM: ['This machine has no memory left for it.', 'End other programs.'],
}

/** Why a call failed for want of files, processes or memory, and what to do; undefined for every other failure. */
export const shortOf = (thrown: unknown): readonly [why: string, next: string] | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? shortages[thrown.code] : undefined

/** Throws such a failure on, where others are taken for a file that is not there. */
export const throwIfShort = (thrown: unknown): void => {
  if (shortOf(thrown) !== undefined) throw thrown
}
