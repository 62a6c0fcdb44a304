import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import { openDataset } from './dataset.ts'
import { type Answer, type Call, requestSchema, settingsSchema } from './messages.ts'

const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
const underWay = new Map<number, AbortController>()
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

const send = (answer: Answer): void => {
  if (process.connected) process.send?.(answer)
}

const work = async (id: number, call: Call): Promise<void> => {
  const controller = new AbortController()
  underWay.set(id, controller)
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
    const { what, why, next, kind } = toAppError(thrown)
    send({ id, error: { what, ...(why === undefined ? {} : { why }), next: [...next], kind } })
  } finally {
    underWay.delete(id)
  }
}

process.on('message', (message) => {
  const request = requestSchema.parse(message)
  if ('cancel' in request) underWay.get(request.cancel)?.abort()
  else void work(request.id, request.call)
})
// Ctrl-C reaches every process of the terminal; the parent decides what ends.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => {
  giveBack?.()
  if (spill !== undefined) rmSync(spill, { recursive: true, force: true })
  process.exit(0)
})
