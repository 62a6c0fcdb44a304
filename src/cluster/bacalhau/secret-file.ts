import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../../core/errors.ts'
import { refuseOpenKey } from '../../core/key-rights.ts'

/** The secret in a file that the config names, without the line end behind it; `key` is the config's, such as cluster.api_key_file. */
export const readSecretFile = async (path: string, key: string): Promise<string> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    // what stands there instead of a path may be the secret itself, so it is not shown
    throw new AppError({
      what: `The file that ${key} names cannot be read.`,
      why: cause instanceof Error && 'code' in cause ? `The system says ${String(cause.code)}.` : 'It is no file.',
      next: [`Set ${key} to the path of a file that holds the secret; the secret itself never stands in the config.`],
      kind: 'usage',
      cause,
    })
  })
  refuseOpenKey(path, await stat(path), process.getuid?.())
  const secret = text.trim()
  if (secret !== '' && !/\s/.test(secret)) return secret
  throw new AppError({
    what: `The file ${path} holds no secret that can be sent.`,
    why: secret === '' ? 'It is empty.' : 'It has more than one word.',
    next: [`Put the secret alone into the file that ${key} names.`],
    kind: 'usage',
  })
}
