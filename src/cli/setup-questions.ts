import type { Config } from '../config/config.ts'
import { answersIn, type Question, questions } from '../config/questions.ts'
import { AppError } from '../core/errors.ts'
import { isAsked } from '../engine/wizard.ts'
import type { Asker } from './asker.ts'
import type { Call } from './verb.ts'
import { wrapText } from './wrap-text.ts'

type Answers = Readonly<Record<string, string>>

/** Says what is no command line, with its rows broken between words. */
const tell = ({ context, say }: Call, text: string, indent = ''): void =>
  say(wrapText(text, Math.max(40, context.stderr.columns ?? 80), indent))

const askOne = async (call: Call, asker: Asker, question: Question, before: string): Promise<string> => {
  const fallback = before !== '' ? before : question.default
  call.say('')
  tell(call, question.question)
  tell(call, `${question.choices === undefined ? '' : `${question.choices.join(' or ')}. `}${question.help}`, '  ')
  for (;;) {
    const text = await asker.ask(`  ${fallback === '' ? 'none' : fallback} · ${question.flag} > `)
    if (text === undefined)
      throw new AppError({
        what: `The answers ended at: ${question.question}`,
        why: 'Nothing was written.',
        next: ['Begin again: bbq setup -i', `Or give it as a flag: ${question.flag}`],
        kind: 'usage',
      })
    const answer = text.trim()
    // a dash takes back what was answered before
    if (answer === '-') return ''
    const why = question.check(answer)
    if (why === undefined) return answer === '' ? before : answer
    tell(call, why, '  ')
  }
}

/** Asks what the wizard asks, line by line; an empty line keeps what is shown, `-` takes it back. */
export const askQuestions = async (call: Call, asker: Asker, config: Config): Promise<Answers> => {
  const before = { ...answersIn(config), ...call.flags }
  const answers: Record<string, string> = {}
  tell(call, 'An empty line takes what is shown, - takes it back. Ctrl-C ends, and writes nothing.')
  for (const question of questions) {
    if (!isAsked(question.key, answers)) continue
    answers[question.key] = await askOne(call, asker, question, before[question.key] ?? '')
  }
  call.say('')
  return answers
}
