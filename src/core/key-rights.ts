import { AppError } from './errors.ts'

interface Rights {
  readonly mode: number
  /** User that the file belongs to. */
  readonly uid: number
}

const inShell = (path: string): string => (/^[\w./+@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)

/** Throws for a key file that everybody may use, or the group of its owner, which is `me`; that of another owner may be lent by its group. */
export const refuseOpenKey = (path: string, { mode, uid }: Rights, me: number | undefined): void => {
  const open = mode & (uid === me ? 0o077 : 0o007)
  if (open === 0) return
  throw new AppError({
    what: `The key file ${path} is open to others: its mode is ${(mode & 0o777).toString(8)}.`,
    why: 'Whoever reads it can act in its name.',
    next: [`Close it: chmod 600 ${inShell(path)}`],
    kind: 'usage',
  })
}
