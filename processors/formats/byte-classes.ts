import * as layout from '../vector/layout.ts'

/** Bits of a byte inside a word: a stop ends it or sends the line to the exact rules. */
export const isStop = layout.stopBit
/** A query string without such a byte is of no interest to a rule. */
export const isOdd = layout.oddBit
/** No part of a method. */
export const isNotToken = layout.notTokenBit
export const isQuery = 8

export const wordClass = Uint8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  const stops = byte <= 32 || byte >= 127 || text === '"' || text === '\\'
  return (
    (stops ? isStop : 0) |
    (/[^A-Za-z0-9_?&=~@,-]/.test(text) ? isOdd : 0) |
    (/[A-Za-z0-9!#$%&'*+.^_`|~-]/.test(text) ? 0 : isNotToken) |
    (text === '?' ? isQuery : 0)
  )
})

/** One for the bytes that end plain text within quotes. */
export const quotedStops = (ascii: boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) =>
    byte < 32 || byte === 34 || byte === 92 || (ascii && byte > 127) ? 1 : 0,
  )

/** Bytes that no client and no host is written with: what another program put before a line has them. */
export const noClient = "'()/;<=>[\\]{|}"

const clientBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  noClient.includes(String.fromCharCode(byte)) ? 0 : 1,
)

/** False for a byte that no client has. */
export const isClientByte = (byte: number): boolean => clientBytes[byte] === 1

const hostBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9._-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** True for a byte of a host name or an IPv4 address. */
export const isHostByte = (byte: number): boolean => hostBytes[byte] === 1

const ipv6Bytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-fA-F:.]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** True for a byte of an IPv6 address without zone. */
export const isIpv6Byte = (byte: number): boolean => ipv6Bytes[byte] === 1

const addressBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-fA-F:.,[\] unkow%]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** True for a byte of a list of forwarded clients. */
export const mayBeAddress = (byte: number): boolean => addressBytes[byte] === 1

/** All of this in one number a byte, for the program behind a room. */
export const byteClasses = Uint8Array.from(
  wordClass,
  (bits, byte) =>
    bits |
    (isClientByte(byte) ? 0 : layout.notClientBit) |
    (isHostByte(byte) ? layout.hostBit : 0) |
    (isIpv6Byte(byte) ? layout.ipv6Bit : 0) |
    (mayBeAddress(byte) ? layout.addressBit : 0),
)
