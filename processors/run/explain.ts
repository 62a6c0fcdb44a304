import { AppError } from '../../src/core/errors.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'It does not exist.',
  EACCES: 'This user may not open or change it.',
  EPERM: 'This user may not open or change it.',
  EROFS: 'The disk is mounted read-only.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota is used up.',
  EISDIR: 'It is a folder, not a file.',
  ENOTDIR: 'A part of its path is a file, not a folder.',
  EMFILE: 'Too many files are open.',
  EIO: 'The disk answered with an error.',
}

/** The code of a system error, or undefined for anything else. */
export const errorCode = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined

/** What a failed call on a file means to a person; an AppError stays as it is. */
export const explainFile = (thrown: unknown, what: string, next: string): AppError => {
  if (thrown instanceof AppError) return thrown
  const code = errorCode(thrown)
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError({ what, why: (code && reasons[code]) ?? `${text}.`, next: [next], cause: thrown })
}
