import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import { tooMuchMemory, watchMemory } from '../../core/watch-memory.ts'
import { openDataset } from './dataset.ts'
import { type Answer, type Call, requestSchema, settingsSchema } from './messages.ts'

const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
/** Queries that are at work; no other call can be stopped. */
const queries = new Map<number, AbortController>()
let dataset: ReturnType<typeof openDataset> | undefined
let giveBack: (() => void) | undefined

/** A folder of its own for what does not fit into memory; where none can be made, everything has to fit. */
const makeSpill = (): string | undefined => {
  try {
    return mkdtempSync(join(tmpdir(), `bbq-warehouse-${process.pid}-`))
  } catch {
    return undefined
  }
}
let spill: string | undefined

/** Three times what the demo's own questions take, and less than a small machine has. */
const mostMemory = 768 * 1024 * 1024

const graceMs = 1_000

const send = (answer: Answer, done: () => void = () => undefined): void => {
  if (process.connected) process.send?.(answer, undefined, undefined, done)
}

/** Ends this process without waiting for threads of DuckDB that still work. */
const leave = (): void => {
  if (spill !== undefined) rmSync(spill, { recursive: true, force: true })
  process.kill(process.pid, 'SIGKILL')
}

const leaveTheRest = (): void => send({ leaving: true }, leave)

/** DuckDB looks for an interrupt between two vectors only; one that takes longer is left with the process. */
const cancel = (id: number): void => {
  const controller = queries.get(id)
  if (controller === undefined) return
  controller.abort()
  setTimeout(() => {
    if (queries.get(id) === controller) leaveTheRest()
  }, graceMs)
}

const fail = (id: number, thrown: unknown): void => {
  const { what, why, next, kind } = toAppError(thrown)
  send({ id, error: { what, ...(why === undefined ? {} : { why }), next: [...next], kind } })
}

const work = async (id: number, call: Call): Promise<void> => {
  const controller = new AbortController()
  const isQuery = call.method === 'query'
  if (isQuery) queries.set(id, controller)
  const tooMuch = (): void => {
    fail(id, tooMuchMemory(mostMemory))
    leaveTheRest()
  }
  const endWatch = isQuery ? watchMemory(mostMemory, tooMuch) : undefined
  try {
    spill ??= makeSpill()
    dataset ??= openDataset(settings, spill).catch((thrown: unknown) => {
      // tried again by the next call: rights and full disks are mended
      dataset = undefined
      throw thrown
    })
    const { answer, release } = await dataset
    giveBack = release
    const value = await answer(call, controller.signal)
    send({ id, value })
  } catch (thrown) {
    fail(id, thrown)
  } finally {
    endWatch?.()
    queries.delete(id)
  }
}

process.on('message', (message) => {
  const request = requestSchema.parse(message)
  if ('cancel' in request) cancel(request.cancel)
  else void work(request.id, request.call)
})
// Ctrl-C reaches every process of the terminal; the parent decides what ends.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => {
  giveBack?.()
  leave()
})
