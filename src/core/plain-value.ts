/** JSON-like: INT64 that does not fit a number is a decimal string, TIMESTAMP an ISO 8601 string in UTC with microseconds. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [field: string]: PlainValue }

export interface PlainColumn {
  readonly name: string
  readonly type: string
}
