import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { AppError } from '../../core/errors.ts'

const file = 'epoch'
const form = /^[a-z0-9]{4,32}$/

const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined

/** The epoch of the dataset in the working directory, or undefined before it has one. */
export const readEpoch = async (): Promise<string | undefined> => {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  })
  const epoch = text?.trim()
  if (epoch === undefined || form.test(epoch)) return epoch
  throw new AppError({
    what: `The file ${process.cwd()}/${file} does not hold an epoch.`,
    why: 'An epoch is 4 to 32 lower-case letters and digits.',
    next: ['Remove the file: the next run makes a new epoch, and rows of the old one count as strays.'],
  })
}

/** The epoch, made of `candidate` when there is none; of two programs at once one wins and both get the same. */
export const makeEpoch = async (candidate: string): Promise<string> => {
  const known = await readEpoch()
  if (known !== undefined) return known
  const aside = await writeAside(candidate)
  try {
    await link(aside, file)
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown
  } finally {
    await rm(aside, { force: true })
  }
  return (await readEpoch()) ?? makeEpoch(candidate)
}

/** Puts a new epoch in the place of the old one, at once. */
export const replaceEpoch = async (epoch: string): Promise<void> => {
  await rename(await writeAside(epoch), file)
}

const writeAside = async (epoch: string): Promise<string> => {
  if (!form.test(epoch)) throw new Error(`not an epoch: ${epoch}`)
  const aside = `.epoch-${process.pid}-${epoch}`
  const out = await open(aside, 'w')
  try {
    await out.writeFile(`${epoch}\n`)
    await out.sync()
  } finally {
    await out.close()
  }
  return aside
}
