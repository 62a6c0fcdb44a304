import type { Field } from './fields.ts'
import { invalid } from './problem.ts'

/** The columns that a new schema adds to a table; refuses every other change, as the API does. */
export const schemaChange = (table: string, before: readonly Field[], after: readonly Field[]): readonly Field[] => {
  const refuse = (why: string): never => {
    throw invalid(`Provided Schema does not match Table ${table}. ${why}`)
  }
  for (const field of before) {
    const now = after.find(({ name }) => name.toLowerCase() === field.name.toLowerCase())
    if (now === undefined) return refuse(`Field ${field.name} is missing in new schema`)
    if (now.type !== field.type) return refuse(`Field ${field.name} has changed type from ${field.type} to ${now.type}`)
    if (now.mode !== field.mode && !(field.mode === 'REQUIRED' && now.mode === 'NULLABLE'))
      return refuse(`Field ${field.name} has changed mode from ${field.mode} to ${now.mode}`)
    if (field.type === 'RECORD' && schemaChange(table, field.fields ?? [], now.fields ?? []).length > 0)
      return refuse(`The stand-in adds no fields inside of record ${field.name}`)
  }
  const added = after.filter(({ name }) => !before.some((field) => field.name.toLowerCase() === name.toLowerCase()))
  const required = added.find(({ mode }) => mode === 'REQUIRED')
  if (required !== undefined)
    return refuse(`Cannot add required fields to an existing schema. (field: ${required.name})`)
  return added
}
