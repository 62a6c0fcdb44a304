import type { Constraint } from './spec.ts'

type Labels = Readonly<Record<string, string>>

/** True when a node with these labels may run the job; a soft preference (`favour_…`) never keeps one out. */
export const matchesAll = (constraints: readonly Constraint[], labels: Labels): boolean =>
  constraints.every((constraint) => constraint.Key.startsWith('favour_') || matches(constraint, labels))

const matches = (constraint: Constraint, labels: Labels): boolean => {
  const value = labels[constraint.Key]
  const values = constraint.Values ?? []
  switch (constraint.Operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value)
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case 'gt':
      return Number(value) > Number(values[0])
    case 'lt':
      return Number(value) < Number(values[0])
  }
}

/** The constraint in words, as Bacalhau prints it. */
export const describeConstraints = (constraints: readonly Constraint[]): string =>
  `[${constraints.map(({ Key, Operator, Values }) => [Key, Operator, ...(Values ?? [])].join(' ')).join(', ')}]`
