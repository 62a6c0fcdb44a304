import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { StandIn } from '../../bigquery/server/types.ts'

/** Characters of a piece: few enough to stand in one line of a screen, too many to stand there by chance. */
const size = 24

/** A secret as it is, in base64 at each of its three offsets, and in hex. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  ...[0, 1, 2].map((offset) =>
    Buffer.from('x'.repeat(offset) + secret)
      .toString('base64')
      .slice(4, -4),
  ),
  Buffer.from(secret).toString('hex'),
]

const piecesOf = (secret: string): readonly string[] =>
  formsOf(secret).flatMap((text) =>
    Array.from({ length: Math.floor(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size)),
  )

/** Pieces by which keys, their ids, tokens and signed assertions of a stand-in would be found. */
export const secretsOf = (server: StandIn, keyFiles: readonly string[]): ReadonlySet<string> => {
  const keys = keyFiles.flatMap((text) => {
    const { private_key = '', private_key_id = '' } = JSON.parse(text) as Readonly<Record<string, string>>
    const lines = private_key.split('\n').filter((line) => line.length === 64)
    // a PEM is base64 of the key itself, which could be printed with other line ends, or be written as bytes
    return [...lines, lines.join(''), private_key_id]
  })
  const assertions = server.requests
    .of('oauth.token')
    .map(({ body }) => new URLSearchParams(String(body)).get('assertion') ?? '')
  const secrets = [...keys, ...server.tokens, ...assertions.map((one) => one.split('.')[2] ?? '')]
  return new Set(secrets.flatMap(piecesOf))
}

/** The pieces that stand in a text. */
export const leaksIn = (secrets: ReadonlySet<string>, text: string): readonly string[] => {
  const found: string[] = []
  for (let at = 0; at + size <= text.length; at += 1) {
    const piece = text.slice(at, at + size)
    if (secrets.has(piece)) found.push(piece)
  }
  return found
}

/** Every file below a folder by its path from there; bytes are read as they are. */
export const filesBelow = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'latin1')]),
  )
