import { rmSync } from 'node:fs'
import { toAppError } from '../../core/errors.ts'
import { openDataset } from './dataset.ts'
import { type Answer, type Call, requestSchema, settingsSchema } from './messages.ts'
import { spillFolder, sweepSpills } from './sweep.ts'

const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
sweepSpills()
const underWay = new Map<number, AbortController>()
let dataset: ReturnType<typeof openDataset> | undefined

const send = (answer: Answer): void => {
  if (process.connected) process.send?.(answer)
}

const work = async (id: number, call: Call): Promise<void> => {
  const controller = new AbortController()
  underWay.set(id, controller)
  try {
    dataset ??= openDataset(settings).catch((thrown: unknown) => {
      // tried again by the next call: rights and full disks are mended
      dataset = undefined
      throw thrown
    })
    const value = await (await dataset).answer(call, controller.signal)
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
  rmSync(spillFolder(), { recursive: true, force: true })
  process.exit(0)
})
