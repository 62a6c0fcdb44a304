import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

export interface OpenFieldFile {
  readonly path: string
  /** Replaces what the file holds, without leaving this tick. */
  rewrite(bytes: Uint8Array): void
  close(): void
}

/** A file that is written again and again in place, so that its pages stay in the cache. */
export const openFieldFile = (path: string): OpenFieldFile => {
  const descriptor = openSync(path, 'w', 0o600)
  return {
    path,
    rewrite: (bytes) => {
      let written = 0
      while (written < bytes.length) written += writeSync(descriptor, bytes, written, bytes.length - written, written)
      ftruncateSync(descriptor, bytes.length)
    },
    close: () => closeSync(descriptor),
  }
}
