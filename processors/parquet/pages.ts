import { promisify } from 'node:util'
import { constants, zstdCompress, zstdCompressSync } from 'node:zlib'
import type { Pool } from './pool.ts'

export interface Page {
  readonly kind: 'data' | 'dictionary'
  /** Nulls counted. */
  readonly values: number
  /** Whether its values are numbers of a dictionary. */
  readonly coded: boolean
}

export interface PackedPage extends Page {
  /** Bytes before compression. */
  readonly plainSize: number
  readonly body: Promise<Uint8Array>
}

export interface PackedPages {
  readonly isPacked: boolean
  readonly pages: readonly PackedPage[]
}

/** A column of less than so many bytes stays as it is: a frame of zstd alone has 13. */
const fewestBytes = 48

/** A column of less is held until it ends: it may be smaller as it is. */
const smallColumn = 4096

const zstd = promisify(zstdCompress)

/** Higher ones take longer and are hardly smaller here. A page is about a quarter of its size then. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 }

const compress = (bytes: Uint8Array): Promise<Uint8Array> =>
  zstd(bytes, {
    params,
    // tables no larger than the page needs
    pledgedSrcSize: bytes.length,
    chunkSize: Math.max(1024, bytes.length >> 2),
  })

type HeldPage = Page & { readonly plain: Uint8Array }

/** Packs the pages of a column as they come, in zlib's threads. */
export const createPageMaker = (pool: Pool) => {
  let held: HeldPage[] = []
  let heldBytes = 0
  const packed: PackedPage[] = []

  const pack = (page: Page, parts: Parts): PackedPage => {
    const plainSize = sizeOf(parts)
    const copy = pool.borrow(plainSize)
    copyTo(copy, parts)
    const body = compress(copy.subarray(0, plainSize)).finally(() => pool.giveBack(copy))
    return { ...page, plainSize, body }
  }

  const hold = (page: Page, parts: Parts): HeldPage => {
    const plain = Buffer.allocUnsafeSlow(sizeOf(parts))
    copyTo(plain, parts)
    return { ...page, plain }
  }

  const isLarge = (): boolean => heldBytes >= smallColumn

  /** Whether the pages that are held are too many to hold; if so, they are packed. */
  const grow = (more: number): boolean => {
    heldBytes += more
    if (!isLarge()) return false
    packed.push(...held.map(({ plain, ...page }) => pack(page, [plain])))
    held = []
    return true
  }

  return {
    /** Parts of a page stand behind one another; they are the caller's again afterwards. */
    add: (page: Page, parts: Parts): void => {
      if (grow(sizeOf(parts))) packed.push(pack(page, parts))
      else held.push(hold(page, parts))
    },
    addFirst: (page: Page, parts: Parts): void => {
      if (grow(sizeOf(parts))) packed.unshift(pack(page, parts))
      else held.unshift(hold(page, parts))
    },
    end: (): PackedPages => {
      if (isLarge()) return { isPacked: true, pages: packed }
      const bodies = held.map(({ plain }) => plain)
      const smaller = heldBytes < fewestBytes ? bodies : bodies.map((plain) => zstdCompressSync(plain, { params }))
      const isPacked = sizeOf(smaller) < heldBytes
      const pages = held.map(({ plain, ...page }, i) => ({
        ...page,
        plainSize: plain.length,
        body: Promise.resolve((isPacked ? smaller[i] : undefined) ?? plain),
      }))
      return { isPacked, pages }
    },
  }
}

type Parts = readonly Uint8Array[]

const copyTo = (target: Uint8Array, parts: Parts): void => {
  let at = 0
  for (const part of parts) {
    target.set(part, at)
    at += part.length
  }
}

const sizeOf = (parts: Parts): number => parts.reduce((sum, { length }) => sum + length, 0)
