import type { QueryColumn, Value } from '../../warehouse/warehouse.ts'
import type { EdgeAnswer, EdgeFailure } from './read-answer.ts'

/** All answers as one relation, its first column the node. */
export interface EdgeRelation {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Value[])[]
}

/** Names that are told apart without regard to case, as SQL does: a second `n` becomes `n_1`. */
const distinct = (columns: readonly QueryColumn[]): readonly QueryColumn[] => {
  const taken = new Set<string>()
  return columns.map(({ name, type }) => {
    let own = name
    for (let i = 1; taken.has(own.toLowerCase()); i++) own = `${name}_${i}`
    taken.add(own.toLowerCase())
    return { name: own, type }
  })
}

const shapeOf = ({ columns }: EdgeAnswer): string => JSON.stringify(columns)

/** Puts answers of the same columns under each other; one of other columns, from another version of bbq, is a failure. */
export const relate = (
  answers: readonly EdgeAnswer[],
): { readonly relation: EdgeRelation; readonly used: readonly EdgeAnswer[]; readonly odd: readonly EdgeFailure[] } => {
  const [first] = answers
  const shape = first === undefined ? '' : shapeOf(first)
  const used = answers.filter((answer) => shapeOf(answer) === shape)
  const odd = answers
    .filter((answer) => shapeOf(answer) !== shape)
    .map(({ id }) => ({ id, reason: `its columns are not those of ${first?.id ?? 'the first node'}` }))
  const columns = distinct([{ name: 'node', type: 'VARCHAR' }, ...(first?.columns ?? [])])
  return { relation: { columns, rows: used.flatMap(({ id, rows }) => rows.map((row) => [id, ...row])) }, used, odd }
}
