import { AppError } from '../../src/core/errors.ts'
import type { FileKind, Foreign, Packing } from './file-kind.ts'

/** How a person gets at the text: of a file with the usual name, of any file, of a stream. */
interface Remedy {
  readonly what: string
  /** Name that the tool expects; others are read through `filter`. */
  readonly suffix?: RegExp
  readonly tool?: string
  readonly filter: string
}

const remedies: Readonly<Record<Foreign | Packing, Remedy>> = {
  gzip: { what: 'gzip', suffix: /\.t?gz$/, tool: 'gunzip -k', filter: 'gunzip -c' },
  zstd: { what: 'zstd', suffix: /\.zst$/, tool: 'zstd -dk', filter: 'zstd -dc' },
  bzip2: { what: 'bzip2', suffix: /\.bz2$/, tool: 'bunzip2 -k', filter: 'bunzip2 -c' },
  xz: { what: 'xz', suffix: /\.xz$/, tool: 'xz -dk', filter: 'xz -dc' },
  lzip: { what: 'lzip', suffix: /\.lz$/, tool: 'lzip -dk', filter: 'lzip -dc' },
  compress: { what: 'compress', filter: 'gunzip -c' },
  lz4: { what: 'lz4', suffix: /\.lz4$/, tool: 'lz4 -dk', filter: 'lz4 -dc' },
  zip: { what: 'a zip archive', suffix: /./, tool: 'unzip', filter: 'funzip' },
  '7z': { what: 'a 7z archive', suffix: /./, tool: '7z x', filter: '7z x -si -so' },
  tar: { what: 'a tar archive', suffix: /./, tool: 'tar -xf', filter: 'tar -xO' },
  'UTF-16': { what: 'UTF-16 text', filter: 'iconv -f UTF-16 -t UTF-8' },
  'UTF-16LE': { what: 'UTF-16 text', filter: 'iconv -f UTF-16LE -t UTF-8' },
  'UTF-16BE': { what: 'UTF-16 text', filter: 'iconv -f UTF-16BE -t UTF-8' },
  'UTF-32': { what: 'UTF-32 text', filter: 'iconv -f UTF-32 -t UTF-8' },
}

const quote = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const remedyLine = (path: string, { suffix, tool, filter }: Remedy, isStream: boolean): string => {
  const verb = filter.startsWith('iconv') ? 'Convert' : 'Unpack'
  if (isStream) return `${verb} it on its way: | ${filter} |`
  if (tool !== undefined && suffix?.test(path)) return `${verb} it: ${tool} ${quote(path)}`
  return `${verb} it: ${filter} < ${quote(path)} > ${quote(`${path}.txt`)}`
}

export interface Refused {
  readonly path: string
  readonly kind: Exclude<FileKind, 'text'>
  /** What it was found in, where the file itself could be unpacked. */
  readonly inside?: Packing | undefined
  readonly isStream: boolean
}

/** A file whose bytes are no lines, with the line that makes them so. */
export const refuseFile = ({ path, kind, inside, isStream }: Refused): AppError => {
  const inTar = inside !== undefined && kind === 'tar'
  const outer = remedies[inside !== undefined && !inTar ? inside : kind]
  const what = inside === undefined ? remedies[kind].what : `${remedies[kind].what} inside ${inside}`
  return new AppError({
    what: `${path} is ${what}, which is not read.`,
    next: [remedyLine(path, inTar && isStream ? { ...outer, filter: 'tar -xzO' } : outer, isStream)],
  })
}

/** A packed file that this Node has no unpacker for. */
export const refuseZstd = (path: string, isStream: boolean, version: string): AppError =>
  new AppError({
    what: `${path} is zstd, which is not read here.`,
    why: `Node ${version} cannot unpack it; 22.15 and later can.`,
    next: [remedyLine(path, remedies.zstd, isStream)],
  })
