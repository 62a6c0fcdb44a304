import { z } from 'zod'
import { quoteText } from '../../../../src/core/duckdb-types.ts'
import { invalid } from '../problem.ts'

interface ParameterType {
  readonly type: string
  readonly arrayType?: ParameterType | undefined
}

interface ParameterValue {
  readonly value?: string | null | undefined
  readonly arrayValues?: readonly ParameterValue[] | undefined
}

const typeSchema: z.ZodType<ParameterType> = z.lazy(() =>
  z.object({ type: z.string(), arrayType: typeSchema.optional() }),
)

const valueSchema: z.ZodType<ParameterValue> = z.lazy(() =>
  z.object({ value: z.string().nullish(), arrayValues: z.array(valueSchema).optional() }),
)

export const parametersSchema = z.array(
  z.object({ name: z.string().optional(), parameterType: typeSchema, parameterValue: valueSchema }),
)

const types: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  NUMERIC: 'DECIMAL(38,9)',
}

const literal = ({ type, arrayType }: ParameterType, { value, arrayValues }: ParameterValue): string => {
  if (type === 'ARRAY' && arrayType !== undefined)
    return `CAST([${(arrayValues ?? []).map((one) => literal(arrayType, one)).join(', ')}] AS ${types[arrayType.type] ?? 'VARCHAR'}[])`
  const name = types[type]
  if (name === undefined) throw invalid(`The stand-in has no parameters of type ${type}.`)
  return value === undefined || value === null ? `CAST(NULL AS ${name})` : `CAST(${quoteText(value)} AS ${name})`
}

/** Named parameters as DuckDB's literals, by their names in small letters. */
export const literalsOf = (parameters: z.infer<typeof parametersSchema>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    parameters.map(({ name, parameterType, parameterValue }) => {
      if (name === undefined) throw invalid('The stand-in takes named parameters only.')
      return [name.toLowerCase(), literal(parameterType, parameterValue)]
    }),
  )
