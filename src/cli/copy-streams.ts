import { createHash, randomUUID } from 'node:crypto'
import { constants, createWriteStream, openSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../core/errors.ts'
import { formatBytes } from '../core/format.ts'
import type { OwnFile, OwnNode } from '../core/own-files.ts'
import type { NodeInputs, Stream } from './own-inputs.ts'
import type { Call } from './verb.ts'

const newsMs = 3_000

const folderOf = (stateDir: string): string => join(resolve(stateDir), 'streams')

/** Removes the copies of streams, also those that a killed program left; only who holds the state folder may. */
export const removeStreams = (stateDir: string): Promise<void> =>
  rm(folderOf(stateDir), { recursive: true, force: true })

/** A pipe with a name is opened without waiting for its writer, so that Ctrl-C ends the wait. */
const openStream = ({ path }: Stream, { context }: Call): Readable => {
  if (path === undefined) return context.stdin
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return new Socket({ fd, readable: true, writable: false })
}

/** Tells every few seconds how much has come, where that has changed. */
const tellNews = ({ say }: Call, name: string, came: () => number): (() => void) => {
  let told = ''
  const timer = setInterval(() => {
    const bytes = came()
    const news = bytes === 0 ? `Waiting for ${name}; Ctrl-C ends it.` : `${name}: ${formatBytes(bytes)} so far.`
    if (news !== told) say(news)
    told = news
  }, newsMs)
  return () => clearInterval(timer)
}

const notCopied = (name: string, folder: string, bytes: number, cause: unknown): AppError =>
  new AppError({
    what: `Copying ${name} into ${folder} failed after ${formatBytes(bytes)}.`,
    why: `${cause instanceof Error ? cause.message : cause}. A stream is copied whole before a stage reads it, so it takes its size on the disk.`,
    next: ['Free space there, or take a folder on another disk with --state DIR.'],
    cause,
  })

/** Copies a stream to its end; undefined where nothing came. */
const copyStream = async (call: Call, stream: Stream, folder: string): Promise<OwnFile | undefined> => {
  const { name } = stream
  const { signal } = call.context
  const path = join(folder, randomUUID())
  const hash = createHash('sha256')
  let bytes = 0
  const stopNews = tellNews(call, name, () => bytes)
  try {
    await pipeline(
      openStream(stream, call),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          hash.update(piece)
          bytes += piece.length
          yield piece
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
      { signal },
    )
  } catch (thrown) {
    throw signal.aborted ? thrown : notCopied(name, folder, bytes, thrown)
  } finally {
    stopNews()
  }
  if (bytes > 0) return { path, stream: { name, sha256: hash.digest('hex') } }
  call.say(`Nothing came on ${name}.`)
  return undefined
}

/** The nodes of `--input`, their streams copied below the state folder: a stage reads at offsets, in a process of its own. */
export const copyStreams = async (call: Call, nodes: readonly NodeInputs[]): Promise<readonly OwnNode[]> => {
  const folder = folderOf(call.stateDir)
  if (nodes.some(({ streams }) => streams.length > 0)) await mkdir(folder, { mode: 0o700 })
  // at once: one program may write into several pipes in turns
  const copied = await Promise.all(
    nodes.map(async ({ name, files, streams }) => {
      const copies = await Promise.all(streams.map((stream) => copyStream(call, stream, folder)))
      return { name, files, streams: copies.filter((copy) => copy !== undefined) }
    }),
  )
  const filled = copied.filter(({ files, streams }) => files.length + streams.length > 0)
  if (filled.length > 0) return filled
  throw new AppError({
    what: 'There is nothing to read.',
    why: `Nothing came on ${nodes.flatMap(({ streams }) => streams.map(({ name }) => name)).join(', ')}.`,
    next: ['Check the program that writes there: it may have ended with an error.'],
  })
}
