import { z } from 'zod'

/** A column as the service describes it. */
export interface WireField {
  readonly name: string
  readonly type: string
  readonly mode: string
  readonly fields: readonly WireField[]
}

const field: z.ZodType<WireField> = z.lazy(() =>
  z.looseObject({
    name: z.string(),
    type: z.string(),
    mode: z.string().default('NULLABLE'),
    fields: z.array(field).default([]),
  }),
)

/** 64-bit integers come as text; these are counts that fit a number. */
const count = z.coerce.number().catch(0)

const wireSchema = z.looseObject({ fields: z.array(field).default([]) })

const reference = z.looseObject({ jobId: z.string() })

// What an answer must have tells it from `{}` and from other servers' JSON: an empty one would read as an empty table.
export const datasetAnswer = z.looseObject({
  datasetReference: z.looseObject({ datasetId: z.string() }),
  location: z.string().default(''),
})

export const tableAnswer = z.looseObject({
  tableReference: z.looseObject({ tableId: z.string() }),
  type: z.string().default('TABLE'),
  etag: z.string().optional(),
  creationTime: z.string().default(''),
  lastModifiedTime: count,
  numRows: count,
  numBytes: count,
  labels: z.record(z.string(), z.string()).default({}),
  schema: wireSchema.default({ fields: [] }),
  timePartitioning: z.looseObject({ type: z.string(), field: z.string().optional() }).optional(),
  view: z.looseObject({ query: z.string() }).optional(),
})

export type WireTable = z.infer<typeof tableAnswer>

const rows = z.array(z.looseObject({ f: z.array(z.looseObject({ v: z.unknown() })) })).default([])

export const listAnswer = z.looseObject({ totalRows: z.coerce.number(), rows, pageToken: z.string().nullish() })

export const resultsAnswer = z.looseObject({
  jobComplete: z.boolean(),
  schema: wireSchema.default({ fields: [] }),
  rows,
  pageToken: z.string().nullish(),
  totalBytesProcessed: count.optional(),
})

const jobError = z.looseObject({ reason: z.string().default(''), message: z.string().default('') })

export const jobAnswer = z.looseObject({
  status: z.looseObject({ state: z.string(), errorResult: jobError.nullish() }),
  statistics: z
    .looseObject({
      totalBytesProcessed: count.optional(),
      query: z
        .looseObject({
          totalBytesBilled: count.optional(),
          totalBytesProcessed: count.optional(),
          statementType: z.string().optional(),
          referencedTables: z.array(z.unknown()).default([]),
        })
        .optional(),
    })
    .default({}),
})

export const jobsAnswer = z.looseObject({
  jobs: z.array(z.looseObject({ jobReference: reference })).default([]),
  nextPageToken: z.string().nullish(),
})
