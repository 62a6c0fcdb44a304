/** What the system says that a file is. */
interface FileStats {
  isDirectory(): boolean
  isFIFO(): boolean
  isSocket(): boolean
}

/** What a file is that is no regular one, as a part of a sentence. */
export const kindOfFile = (found: FileStats): string => {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}
