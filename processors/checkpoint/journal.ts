import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'
import { errorCode } from '../run/explain.ts'
import { claimFile, makePrivateFolder, removeFile, syncFolder, writeDurably } from './files.ts'

export interface JournalOptions<State, Entry> {
  /** Holds the journal and nothing else of its maker's until it exists; never renamed or emptied. */
  readonly folder: string
  readonly state: z.ZodType<State>
  readonly entry: z.ZodType<Entry>
  /** The state where no journal stands yet. */
  readonly initial: () => State
  readonly fold: (state: State, entry: Entry) => State
  /** Unique a process, for names of files aside. */
  readonly writer: string
  /** Entries after which the journal is folded into one. */
  readonly limit?: number
}

export interface Journal<State, Entry> {
  /** The newest state, with the entries of others. */
  read(): State
  /** Adds the entry that `decide` makes of the newest state, once; without an entry nothing is added and the answer is undefined. */
  append<Made extends Entry>(decide: (state: State) => Made | undefined): Made | undefined
}

const sealed = 'sealed'
const generationName = /^g(\d+)$/

/**
 * A list of entries that several processes add to, each at a number that nobody has yet, so that all agree on one order.
 * One folder `g<N>` holds it. When it grows long it is sealed, its state becomes entry 0 of the next generation, and the folder
 * is renamed: whoever still writes to the old name fails and reads again.
 */
export const openJournal = <State, Entry>(options: JournalOptions<State, Entry>): Journal<State, Entry> => {
  const { folder, fold, writer, limit = 32 } = options
  const line = z.union([z.literal(sealed), options.entry])
  create(options)
  let generation = 0
  let next = 0
  let state = options.initial()

  const place = (): string => join(folder, `g${generation}`)
  const nameOf = (number: number): string => `${generation}-${String(number).padStart(6, '0')}.json`
  const readEntry = (number: number): unknown => {
    const content = readIfThere(join(place(), nameOf(number)))
    return content === undefined ? undefined : JSON.parse(content)
  }

  /** Goes to the newest generation; false when it moved meanwhile. */
  const enter = (): boolean => {
    generation = newestGeneration(folder)
    const first = readEntry(0)
    if (first === undefined) return false
    state = options.state.parse(first)
    next = 1
    return true
  }

  const moveOn = (): void => {
    const old = place()
    const following = `${generation + 1}-000000.json`
    claimFile(old, following, `.${generation}-${writer}`, JSON.stringify(state))
    try {
      renameSync(old, join(folder, `g${generation + 1}`))
      syncFolder(folder)
    } catch (thrown) {
      if (errorCode(thrown) !== 'ENOENT') throw thrown
    }
  }

  const read = (): State => {
    for (let tries = 0; next === 0 || !existsSync(place()); tries++) {
      if (enter()) tidy(place(), generation)
      if (tries > 100) throw damaged(folder)
    }
    for (;;) {
      const found = readEntry(next)
      if (found === undefined) return state
      const entry = line.parse(found)
      if (entry === sealed) {
        moveOn()
        next = 0
        return read()
      }
      state = fold(state, entry as Entry)
      next += 1
    }
  }

  const add = (content: string): boolean =>
    claimFile(place(), nameOf(next), `.${generation}-${writer}`, content) === 'made'

  return {
    read,
    append: (decide) => {
      for (;;) {
        const entry = decide(read())
        if (entry === undefined) return undefined
        if (next > limit) add(JSON.stringify(sealed))
        else if (add(JSON.stringify(entry))) {
          state = fold(state, entry)
          next += 1
          return entry
        }
      }
    },
  }
}

/** The first of all makes the folder with its entry 0 in one rename; the others find it made. */
const create = <State, Entry>({ folder, initial, writer }: JournalOptions<State, Entry>): void => {
  if (existsSync(folder)) return
  const parent = dirname(folder)
  makePrivateFolder(parent)
  const aside = join(parent, `.new-${writer}`)
  makePrivateFolder(join(aside, 'g1'))
  writeDurably(join(aside, 'g1', '1-000000.json'), JSON.stringify(initial()))
  try {
    renameSync(aside, folder)
    syncFolder(parent)
  } catch (thrown) {
    rmSync(aside, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(thrown) ?? '')) throw thrown
  }
}

const damaged = (folder: string): AppError =>
  new AppError({
    what: `The checkpoint ${folder} cannot be read.`,
    why: 'A file of it is missing.',
    next: ['Empty the tables and start over: bbq reset'],
  })

const newestGeneration = (folder: string): number =>
  Math.max(0, ...readdirSync(folder).map((name) => Number(generationName.exec(name)?.[1] ?? 0)))

/** Removes what belongs to earlier generations: nobody can add to them any more. */
const tidy = (place: string, generation: number): void => {
  for (const name of namesIn(place)) {
    const owner = Number(/^\.?(\d+)-/.exec(name)?.[1] ?? generation)
    if (owner < generation) removeFile(join(place, name))
  }
}

const namesIn = (place: string): readonly string[] => {
  try {
    return readdirSync(place)
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return []
    throw thrown
  }
}

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}
