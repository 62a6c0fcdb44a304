import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError, toAppError } from '../../core/errors.ts'
import { formatMemory } from '../../core/format.ts'
import { watchMemory } from '../../core/watch-memory.ts'
import { openDataset } from './dataset.ts'
import { type Answer, type Call, requestSchema, settingsSchema } from './messages.ts'

const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
const underWay = new Map<number, AbortController>()
let dataset: ReturnType<typeof openDataset> | undefined

/** Three times what the demo's own questions take, and less than a small machine has. */
const mostMemory = 768 * 1024 * 1024

const graceMs = 1_000

const send = (answer: Answer, done: () => void = () => undefined): void => {
  if (process.connected) process.send?.(answer, undefined, undefined, done)
}

/** Ends this process without waiting for threads of DuckDB that still work. */
const leave = (): void => {
  rmSync(join(tmpdir(), `bbq-warehouse-${process.pid}`), { recursive: true, force: true })
  process.kill(process.pid, 'SIGKILL')
}

const leaveTheRest = (): void => send({ leaving: true }, leave)

/** DuckDB looks for an interrupt between two vectors only; one that takes longer is left with the process. */
const cancel = (id: number): void => {
  const controller = underWay.get(id)
  if (controller === undefined) return
  controller.abort()
  setTimeout(() => {
    if (underWay.get(id) === controller) leaveTheRest()
  }, graceMs)
}

const fail = (id: number, thrown: unknown): void => {
  const { what, why, next, kind } = toAppError(thrown)
  send({ id, error: { what, ...(why === undefined ? {} : { why }), next: [...next], kind } })
}

const work = async (id: number, call: Call): Promise<void> => {
  const controller = new AbortController()
  underWay.set(id, controller)
  const endWatch =
    call.method === 'query'
      ? watchMemory(mostMemory, () => {
          fail(id, tooMuchMemory())
          leaveTheRest()
        })
      : undefined
  try {
    dataset ??= openDataset(settings).catch((thrown: unknown) => {
      // tried again by the next call: rights and full disks are mended
      dataset = undefined
      throw thrown
    })
    const value = await (await dataset).answer(call, controller.signal)
    send({ id, value })
  } catch (thrown) {
    fail(id, thrown)
  } finally {
    endWatch?.()
    underWay.delete(id)
  }
}

const tooMuchMemory = (): AppError =>
  new AppError({
    what: `The query was stopped: it took more than ${formatMemory(mostMemory)} of memory.`,
    why: 'Its values are very large, or there are very many of them at once.',
    next: ['Select fewer columns, filter by a time, or take a part of a long text, such as left(column, 1000).'],
  })

process.on('message', (message) => {
  const request = requestSchema.parse(message)
  if ('cancel' in request) cancel(request.cancel)
  else void work(request.id, request.call)
})
// Ctrl-C reaches every process of the terminal; the parent decides what ends.
process.on('SIGINT', () => undefined)
process.on('disconnect', leave)
