import { type ChildProcess, fork } from 'node:child_process'
import { AppError } from '../../core/errors.ts'
import { shortOf } from '../../core/short-of.ts'
import type { CallOptions } from '../warehouse.ts'
import { answerSchema, type Call, type Request, type Settings } from './messages.ts'

interface ChildOptions {
  readonly program: string
  readonly nodePath: string
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly settings: Settings
}

/** Calls to the warehouse's own process, which starts with the first of them. */
export interface ChildCalls {
  readonly call: (call: Call, options: CallOptions) => Promise<unknown>
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly call: Call
  readonly resolve: (value: unknown) => void
  readonly reject: (error: AppError) => void
}

const defaultDeadlineMs = 60_000
const closeWithinMs = 1_000
const keptErrorChars = 600

/** After a crash the next call starts the process once more; a second crash without an answer between is the end. */
export const openChildCalls = ({ program, nodePath, env, settings }: ChildOptions): ChildCalls => {
  const waiting = new Map<number, Waiting>()
  let child: ChildProcess | undefined
  let lastId = 0
  let crashes = 0
  let closed = false

  const ended = (how: string, errors: string, short?: ReturnType<typeof shortOf>): void => {
    child = undefined
    if (closed) return
    crashes += 1
    for (const { call, reject } of waiting.values())
      reject(short === undefined ? crashError(how, errors, call.method, crashes) : notStarted(how, short))
    waiting.clear()
  }

  const start = (): ChildProcess => {
    const started = fork(program, [JSON.stringify(settings)], {
      execPath: nodePath,
      execArgv: [],
      env: env ?? process.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let errors = ''
    let leaving = false
    started.stderr?.on('data', (bytes: Buffer) => {
      errors = (errors + bytes.toString('utf8')).slice(-keptErrorChars)
    })
    started.on('error', (error) => ended(error.message, errors, shortOf(error)))
    started.on('close', (code, signal) => {
      if (child !== started) return
      if (!leaving) return ended(signal === null ? `exit code ${code}` : `signal ${signal}`, errors)
      child = undefined
      for (const [id, { call }] of waiting) tell({ id, call })
    })
    started.on('message', (message) => {
      const { data: answer } = answerSchema.safeParse(message)
      if (answer === undefined) return void started.kill()
      if ('leaving' in answer) {
        leaving = true
        return
      }
      const call = waiting.get(answer.id)
      waiting.delete(answer.id)
      crashes = 0
      if ('error' in answer) call?.reject(new AppError(answer.error))
      else call?.resolve(answer.value)
    })
    return started
  }

  const tell = (request: Request): void => {
    child ??= start()
    // A process that is gone is noticed by its end, not by what could not be sent.
    if (child.connected) child.send(request, () => undefined)
  }

  const call: ChildCalls['call'] = (what, { signal, deadlineMs = defaultDeadlineMs }) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new AppError({ what: 'The warehouse was closed.' }))
      if (signal.aborted) return reject(stopped())
      if (crashes > 1) return reject(crashError('the same way', '', what.method, crashes))
      lastId += 1
      const id = lastId
      const giveUp = (error: AppError): void => {
        settle()
        waiting.delete(id)
        if (child !== undefined) tell({ cancel: id })
        reject(error)
      }
      const abort = (): void => giveUp(stopped())
      const timer = setTimeout(() => giveUp(late(what.method, deadlineMs)), deadlineMs)
      const settle = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      signal.addEventListener('abort', abort)
      waiting.set(id, {
        call: what,
        resolve: (value) => {
          settle()
          resolve(value)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      tell({ id, call: what })
    })

  return {
    call,
    close: async () => {
      closed = true
      for (const { reject } of waiting.values()) reject(stopped())
      waiting.clear()
      const last = child
      child = undefined
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return
      const gone = new Promise<void>((resolve) => last.once('exit', () => resolve()))
      if (last.connected) last.disconnect()
      const timer = setTimeout(() => last.kill('SIGKILL'), closeWithinMs)
      await gone
      clearTimeout(timer)
    },
  }
}

const stopped = (): AppError =>
  new AppError({ what: 'Stopped before the warehouse had answered.', kind: 'interrupted' })

const late = (method: string, ms: number): AppError =>
  new AppError({
    what: `The warehouse gave no answer to ${method} within ${Math.round(ms / 100) / 10} s.`,
    why: 'It works on too much, or the disk is slow.',
    next: ['Try again; for a query, filter by a time or read fewer columns.'],
    kind: 'unreachable',
  })

const notStarted = (how: string, [why, next]: NonNullable<ReturnType<typeof shortOf>>): AppError =>
  new AppError({ what: `The warehouse's own process cannot be started: ${how}.`, why, next: [next] })

const crashError = (how: string, errors: string, method: string, crashes: number): AppError =>
  new AppError({
    what: `The warehouse's own process ended during ${method}${crashes > 1 ? ', again' : ''}: ${how}.`,
    why:
      errors
        .trim()
        .split('\n')
        .findLast((line) => /error/i.test(line)) ?? 'It may have been killed, or run out of memory or threads.',
    next:
      crashes > 1
        ? ['Leave bbq and start it again; see bbq doctor.']
        : ['Try again: the process is started anew by the next call.'],
  })
