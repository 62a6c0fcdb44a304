import type { Event } from '../events.ts'
import type { Check, SetupState } from '../state.ts'
import { askedAfter } from '../wizard.ts'
import { reduceOwnLogs } from './own-logs.ts'

const asked = (setup: SetupState, at: number): SetupState => {
  const question = setup.questions[at]
  const { misfit: _, ...rest } = setup
  return { ...rest, at, draft: question === undefined ? '' : (setup.answers[question.key] ?? '') }
}

/** The first screen: choices, the wizard's answers, the checks. */
export const reduceSetup = (setup: SetupState, event: Event): SetupState => {
  switch (event.type) {
    case 'wizard/opened': {
      const { problem: _, ...rest } = setup
      return { ...asked(rest, 0), mode: 'asking', chosen: 'connect' }
    }
    case 'wizard/closed':
      return { ...setup, mode: 'choosing' }
    case 'draft/changed': {
      if (setup.mode !== 'asking') return reduceOwnLogs(setup, event)
      const { misfit: _, ...rest } = setup
      return { ...rest, draft: event.text }
    }
    case 'answer/given': {
      const next = { ...setup, answers: { ...setup.answers, [event.key]: event.text } }
      return asked(next, askedAfter(next, setup.at, 1) ?? setup.at)
    }
    case 'answer/refused':
      return { ...setup, misfit: event.why }
    case 'answer/reopened':
      return {
        ...asked(setup, setup.mode === 'asking' ? (askedAfter(setup, setup.at, -1) ?? 0) : setup.at),
        mode: 'asking',
      }
    case 'config/saved':
      return { ...setup, savedTo: event.file }
    case 'opening/requested': {
      const { problem: _, ...rest } = setup
      return { ...rest, mode: 'checking', chosen: event.chosen, openingSince: event.now, checks: event.checks }
    }
    case 'preparing/requested': {
      const { problem: _, ...rest } = setup
      return { ...rest, openingSince: event.now }
    }
    case 'check/changed':
      return { ...setup, checks: setup.checks.map((check) => changed(check, event.check)) }
    case 'checks/listed': {
      const { checks } = setup
      const at = checks.findIndex(({ id }) => id === event.before)
      return { ...setup, checks: checks.toSpliced(at < 0 ? checks.length : at, 0, ...event.checks) }
    }
    case 'opening/succeeded': {
      const { openingSince: _, problem: __, ...rest } = setup
      return { ...rest, mode: 'open' }
    }
    case 'opening/failed': {
      const { openingSince: _, ...rest } = setup
      return { ...rest, problem: event.problem }
    }
    case 'rows/counted':
      return setup.before === undefined ? setup : { ...setup, before: { ...setup.before, counted: event.counted } }
    default:
      return reduceOwnLogs(setup, event)
  }
}

const changed = (check: Check, next: Check): Check => (check.id === next.id ? next : check)
