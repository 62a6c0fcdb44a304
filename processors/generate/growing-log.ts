import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

interface Rotation {
  /** Bytes at which the log is rotated; 0 never. */
  readonly maxBytes: number
  /** Rotated logs that are kept: `.1` is the newest. */
  readonly backups: number
}

/** A log that is appended to and rotated by renaming. */
export interface GrowingLog {
  /** Appends whole lines, one character a byte; rotates before them when the log is full. */
  readonly append: (lines: string) => void
  readonly close: () => void
}

/** Opens a log for appending; makes it and its folder when they are missing. */
export const growLog = (file: string, rotation: Rotation): GrowingLog => {
  mkdirSync(dirname(file), { recursive: true })
  let out = openSync(file, 'a')
  let size = fstatSync(out).size

  const rotate = (): void => {
    closeSync(out)
    for (let n = rotation.backups - 1; n >= 1; n--)
      if (existsSync(`${file}.${n}`)) renameSync(`${file}.${n}`, `${file}.${n + 1}`)
    renameSync(file, `${file}.1`)
    out = openSync(file, 'a')
    size = 0
  }

  return {
    append: (lines) => {
      if (rotation.maxBytes > 0 && size > 0 && size + lines.length > rotation.maxBytes) rotate()
      let bytes = Buffer.from(lines, 'latin1')
      size += bytes.length
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(out, bytes))
    },
    close: () => closeSync(out),
  }
}
