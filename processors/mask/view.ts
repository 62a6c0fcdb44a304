import { type Codes, codeOf, escapeBefore, lengthOf, readEscape } from './escapes.ts'

/** A reading of a text: some of its escapes undone, with the way back to the places of the text. */
export interface View {
  readonly text: string
  /** Where the character at this index begins in the text; its end is where the next one begins. */
  readonly place: (index: number) => number
  /** True for a character that stands in the text as an escape. */
  readonly escaped: (index: number) => boolean
}

/** The text as it stands. */
const plain = (text: string): View => ({ text, place: (index) => index, escaped: () => false })

const mayHoldEscape = /[%\\&]/

/** Escapes undone one level at a time, up to so many levels; then all that are left at once. */
const levelsOf = (text: string): number => (text.length <= 8_192 ? 16 : 4)

/** Every reading of a text in which something may stand that is not to be seen: as it is, and with its escapes undone, level by level, the deepest first. */
export const viewsOf = (text: string): readonly View[] => {
  if (!mayHoldEscape.test(text)) return [plain(text)]
  const whole = layerOf(text)
  const [levels, anyHigh] = undoLevels(whole, false, levelsOf(text))
  // Some undo only the escapes of ASCII, and no octal ones, so that the digits of %8210.1.2.3 and \100.1.2.3 stay.
  const ascii = anyHigh ? undoLevels(whole, true, levelsOf(text))[0] : []
  const marks = undoMarks(text)
  return [...levels.reverse(), ...ascii.reverse(), ...(marks === undefined ? [] : [marks])]
    .map(viewOf)
    .concat(plain(text))
}

interface Layer {
  readonly codes: Codes
  /** One more than codes: the place in the text of each. */
  readonly places: Int32Array
}

const layerOf = (text: string): Layer => {
  const codes = new Uint16Array(text.length)
  const places = new Int32Array(text.length + 1)
  for (let i = 0; i < text.length; i++) {
    codes[i] = text.charCodeAt(i)
    places[i] = i
  }
  places[text.length] = text.length
  return { codes, places }
}

const charactersAtOnce = 8_192

const viewOf = ({ codes, places }: Layer): View => {
  let text = ''
  for (let at = 0; at < codes.length; at += charactersAtOnce)
    text += String.fromCharCode(...codes.subarray(at, at + charactersAtOnce))
  return {
    text,
    place: (index) => places[index] ?? 0,
    escaped: (index) => (places[index + 1] ?? 0) - (places[index] ?? 0) > 1,
  }
}

const undoLevels = (whole: Layer, asciiOnly: boolean, most: number): [Layer[], boolean] => {
  const layers: Layer[] = []
  let anyHigh = false
  let layer = whole
  for (;;) {
    const next = layers.length < most ? undoOnce(layer, asciiOnly) : undoAll(layer)
    anyHigh ||= next.anyHigh
    if (next.codes.length === layer.codes.length) return [layers, anyHigh]
    layers.push(next)
    layer = next
    if (layers.length > most) return [layers, anyHigh]
  }
}

/** The digits behind a backslash may be those of an address. */
const isOctal = (codes: Codes, at: number): boolean =>
  codes[at] === 92 && (codes[at + 1] ?? 0) >= 48 && (codes[at + 1] ?? 0) <= 51

const undoOnce = ({ codes, places }: Layer, asciiOnly: boolean): Layer & { readonly anyHigh: boolean } => {
  const out = new Uint16Array(codes.length)
  const from = new Int32Array(codes.length + 1)
  let size = 0
  let anyHigh = false
  for (let at = 0; at < codes.length; size++) {
    const read = readEscape(codes, at, codes.length)
    const high = read !== 0 && (codeOf(read) >= 128 || isOctal(codes, at))
    anyHigh ||= high
    const undone = read !== 0 && !(high && asciiOnly)
    from[size] = places[at] ?? 0
    out[size] = undone ? codeOf(read) : (codes[at] ?? 0)
    at += undone ? lengthOf(read) : 1
  }
  from[size] = places[codes.length] ?? 0
  return { codes: out.subarray(0, size), places: from.subarray(0, size + 1), anyHigh }
}

/** What no level is left in: an undone escape may end another one, at once. Each step takes a character or makes two or more one. */
const undoAll = ({ codes, places }: Layer): Layer & { readonly anyHigh: boolean } => {
  const out = new Uint16Array(codes.length)
  const from = new Int32Array(codes.length + 1)
  let size = 0
  for (let at = 0; at < codes.length; at++) {
    out[size] = codes[at] ?? 0
    from[size] = places[at] ?? 0
    size += 1
    for (let begin = escapeBefore(out, size); begin >= 0; begin = escapeBefore(out, size)) {
      out[begin] = codeOf(readEscape(out, begin, size))
      size = begin + 1
    }
  }
  from[size] = places[codes.length] ?? 0
  return { codes: out.subarray(0, size), places: from.subarray(0, size + 1), anyHigh: false }
}

const escapedMark = /(?:%|\\x|\\u00)(?:25)*(2e|3a)|\\x|\\u00/gi

const marks: Readonly<Partial<Record<string, number>>> = { '2e': 46, '3a': 58 }
const percent = 37

/** Only dots and colons undone, at any depth, and nothing else: %41%2e2%2e3%2e4 may be read as 41.2.3.4. */
const undoMarks = (text: string): Layer | undefined => {
  const found = [...text.matchAll(escapedMark)]
  if (found.length === 0) return undefined
  const { codes, places } = layerOf(text)
  let size = 0
  let at = 0
  const keep = (to: number): void => {
    for (; at < to; at++, size++) {
      codes[size] = text.charCodeAt(at)
      places[size] = at
    }
  }
  for (const { 0: whole, 1: mark = '', index } of found) {
    keep(index)
    codes[size] = marks[mark.toLowerCase()] ?? percent
    places[size] = index
    size += 1
    at = index + whole.length
  }
  keep(text.length)
  places[size] = text.length
  return { codes: codes.subarray(0, size), places: places.subarray(0, size + 1) }
}
