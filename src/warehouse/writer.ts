import { AppError } from '../core/errors.ts'

/** The error of whoever would write beside another state folder; `who` and `until` are parts of its sentence. */
export const writtenByAnother = (
  label: string,
  { who, until, next }: { readonly who: string; readonly until?: string; readonly next: string },
): AppError =>
  new AppError({
    what: `${label} is being written from another state folder: ${who}.`,
    why: `Each remembers by itself what it has sent, so that a log which both read would be loaded twice.${until === undefined ? '' : ` ${until}`}`,
    next: [next, 'Or write into tables of your own: --bigquery-dataset-name NAME'],
    kind: 'refused',
  })
