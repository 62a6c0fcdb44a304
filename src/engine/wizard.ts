type Answers = Readonly<Record<string, string>>

const ofFolder = new Set(['warehouse.path', 'warehouse.node_path'])
const ofProject = /^(?:project\.(?!id$)|credentials\.|bigquery\.)/

/** Whether the answers so far leave a question open: a project means BigQuery, none a folder of files. */
export const isAsked = (key: string, answers: Answers): boolean => {
  const hasProject = (answers['project.id'] ?? '').trim() !== ''
  return hasProject ? !ofFolder.has(key) : !ofProject.test(key)
}

/** Index of the next question that is asked, `by` 1 onwards or -1 back; undefined when there is none. */
export const askedAfter = (
  { questions, answers }: { readonly questions: readonly { readonly key: string }[]; readonly answers: Answers },
  at: number,
  by: 1 | -1,
): number | undefined => {
  for (let i = at + by; i >= 0 && i < questions.length; i += by) if (isAsked(questions[i]?.key ?? '', answers)) return i
  return undefined
}
