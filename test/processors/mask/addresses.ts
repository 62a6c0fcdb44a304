import fc from 'fast-check'
import { findFullAddresses } from './scan.ts'

const ipv4 = fc.tuple(...[0, 1, 2, 3].map(() => fc.nat(255))).map((octets) => octets.join('.'))
const group = fc.oneof(fc.nat(0xffff), fc.constant(0), fc.nat(15)).map((value) => value.toString(16))
const groups = (least: number, most: number) => fc.array(group, { minLength: least, maxLength: most })

const ipv6 = fc.oneof(
  fc.ipV6(),
  groups(8, 8).map((all) => all.join(':')),
  fc.tuple(groups(0, 4), groups(0, 3)).map(([head, tail]) => `${head.join(':')}::${tail.join(':')}`),
  ipv4.map((address) => `::ffff:${address}`),
)

/** An IPv4 or IPv6 address in any of its spellings. */
export const address = fc
  .oneof(ipv4, ipv6)
  .chain((plain) =>
    fc.constantFrom(plain, plain, plain.toUpperCase(), `[${plain}]`, `${plain}%eth0`, `${plain}.`, `${plain}:80`),
  )

const encode = (text: string): string =>
  [...text].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

/** The same, now and then percent-encoded as a whole or in its punctuation. */
export const spelled = fc.tuple(address, fc.nat(5)).map(([text, how]) => {
  if (how === 0) return encode(text)
  return how === 1 ? text.replace(/[:.[\]%]/g, encode) : text
})

const filler = fc.oneof(
  fc.constantFrom(
    ' ',
    '/',
    '?',
    '=',
    ':',
    '.',
    '::',
    '%',
    '%20',
    '%3a',
    '%25',
    ',',
    '-',
    '_',
    '[',
    ']',
    'é',
    '0',
    '1',
    'a',
    'ff',
  ),
  fc.constantFrom('std::vector', 'rv:1.9.5.20', '12:34:56', 'HTTP/1.1', '1.2.3', '2026-11-01T05:00:09', 'Mozilla/5.0'),
  fc.string({ maxLength: 4 }),
)

/** Texts in which addresses stand among things that look alike. */
export const textWithAddresses = fc
  .array(fc.oneof(spelled, filler), { maxLength: 8 })
  .map((pieces) => pieces.join('').replace(/[\r\n]/g, ' '))

const hex = (character: string, width: number): string => character.charCodeAt(0).toString(16).padStart(width, '0')

const escapes: readonly ((character: string) => string)[] = [
  (character) => `%${hex(character, 2)}`,
  (character) => `%${hex(character, 2).toUpperCase()}`,
  (character) => `\\x${hex(character, 2)}`,
  (character) => `\\u${hex(character, 4)}`,
  (character) => `&#${character.charCodeAt(0)};`,
  (character) => `&#x${hex(character, 4)};`,
]

/** One more skin around a text: some or all of its characters escaped. */
const skin = fc.tuple(
  fc.constantFrom(...escapes),
  fc.constantFrom(/[^0-9A-Za-z]/g, /[%\\&.:]/g, /[.:]/g, /./g, /[0-9]/g, /^./, /.$/),
)

/** A text in up to four skins. */
export const disguised = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.array(skin, { minLength: 1, maxLength: 4 }))
    .map(([plain, skins]) =>
      skins.reduce((worn, [dress, which]) => worn.replace(which, (character) => dress(character)), plain),
    )

/** An address that nothing beside it hides, between things of which logs are full. */
export const planted = fc
  .tuple(
    fc.constantFrom('', 'ip', 'client_', '?ip=', '{"ip":"', '\\x22', '/', 'x.', 'caf\u00e9', '%20', '%2522', '=('),
    disguised(
      fc
        .oneof(
          ipv4,
          fc.ipV6().filter((one) => /:.*:.*:/.test(one)),
        )
        .filter((one) => findFullAddresses(one).length > 0),
    ),
    fc.constantFrom('', '_web', '"}', '&x=1', '/', '.example', '. ', '\\x22', '%26', ')'),
  )
  .map((parts) => parts.join(''))
