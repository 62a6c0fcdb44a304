import type { Template } from './template.ts'

/** The words of a template's own text; blanks between fields may be more than one, or missing with their field. */
export const marksOf = (template: Template): readonly string[] =>
  template.flatMap((piece) => (typeof piece === 'string' ? piece.split(' ').filter((word) => word !== '') : []))

/** False only if a line lacks one of the marks, or has them in another order; much quicker than a pattern. */
export const holdsMarks = (line: string, marks: readonly string[]): boolean => {
  let from = 0
  for (let i = 0; i < marks.length; i++) {
    const mark = marks[i] ?? ''
    const at = line.indexOf(mark, from)
    if (at < 0) return false
    from = at + mark.length
  }
  return true
}
