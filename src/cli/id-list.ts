/** Ids given with one flag, separated by commas, or with several. */
export const idList = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== ''),
]
