export interface TerminalStreams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
}

const question = '\u001b]11;?\u001b\\\u001b[c'
const color = /\u001b\]11;rgb:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(?:\u0007|\u001b\\)/i
// every terminal knows this one, so its answer tells that none to the first question will come
const attributes = /\u001b\[\?[\d;]*c/

/** Asks the terminal for its background; undefined when it does not tell within `timeoutMs`. Keys pressed meanwhile stay in stdin. */
export const askBackground = async (
  { stdin, stdout }: TerminalStreams,
  timeoutMs: number,
): Promise<'dark' | 'light' | undefined> => {
  let received = ''
  const { promise, resolve } = Promise.withResolvers<void>()
  // read as Ink reads: a stream that once flowed and was paused would give it nothing
  const onReadable = () => {
    for (let chunk: unknown = stdin.read(); chunk !== null; chunk = stdin.read()) received += String(chunk)
    if (attributes.test(received)) resolve()
  }
  stdin.setRawMode(true)
  stdin.on('readable', onReadable)
  const timer = setTimeout(resolve, timeoutMs)
  stdout.write(question)
  await promise
  clearTimeout(timer)
  stdin.off('readable', onReadable)
  const keys = received.replace(color, '').replace(attributes, '')
  if (keys !== '') stdin.unshift(Buffer.from(keys))
  return backgroundOf(received)
}

/** What an answer to the question says: light when the colour is nearer to white than to black. */
export const backgroundOf = (answer: string): 'dark' | 'light' | undefined => {
  const match = color.exec(answer)
  if (match === null) return undefined
  const [red = 0, green = 0, blue = 0] = match
    .slice(1)
    .map((part) => Number.parseInt(part, 16) / (16 ** part.length - 1))
  return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 ? 'light' : 'dark'
}
