const percent = 37
const quote = 34
const backslash = 92
const letterU = 117
const letterX = 120

/** `%2e`, `%u002e`, `\x2e` and `\"` undone until nothing changes, however they are nested; one look at each character. */
export const undoEscapes = (text: string): string => {
  if (!/[%\\]/.test(text)) return text
  const codes = new Uint16Array(text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    codes[length++] = text.charCodeAt(i)
    // what an escape stood for may be the end of another one
    for (let shorter = fold(codes, length); shorter < length; shorter = fold(codes, length)) length = shorter
  }
  return String.fromCharCode(...codes.subarray(0, length))
}

/** Makes one character of the escape that ends at `length`; the new length. */
const fold = (codes: Uint16Array, length: number): number => {
  const at = (back: number): number => codes[length - back] ?? 0
  if (at(1) === quote && at(2) === backslash) return put(codes, length - 2, quote)
  const low = byteAt(codes, length - 2)
  if (low < 0) return length
  if (at(3) === percent) return put(codes, length - 3, low)
  if (at(3) === letterX && at(4) === backslash) return put(codes, length - 4, low)
  if ((at(5) | 32) !== letterU || at(6) !== percent) return length
  const high = byteAt(codes, length - 4)
  return high < 0 ? length : put(codes, length - 6, high * 256 + low)
}

const put = (codes: Uint16Array, place: number, code: number): number => {
  codes[place] = code
  return place + 1
}

const byteAt = (codes: Uint16Array, place: number): number => {
  if (place < 0) return -1
  const high = digit(codes[place] ?? 0)
  const low = digit(codes[place + 1] ?? 0)
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

const digit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
