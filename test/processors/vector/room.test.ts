import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocateRoom, findStopIn, programOf } from '../../../processors/vector/room.ts'

const stops = (byte: number, high: number): boolean => byte < 32 || byte === 34 || byte === 92 || (byte & high) !== 0

describe('the search through a room', () => {
  test('finds the first stop from any place, with and without bytes above 127', () => {
    const text = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 35, max: 91 }) }, fc.nat(255)), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(text, fc.constantFrom(0 as const, 128 as const), (bytes, high) => {
        const room = allocateRoom(bytes.length)
        room.set(bytes)
        const find = findStopIn(room)
        for (let from = 0; from < bytes.length; from++) {
          const at = bytes.findIndex((byte, i) => i >= from && stops(byte, high))
          const found = find?.(from, high) ?? -1
          if (at < 0) expect(found).toBeGreaterThanOrEqual(bytes.length)
          else expect(found).toBe(at)
        }
      }),
    )
  })

  test('finds the first of four bytes, and marks that are near to each other, before an end', () => {
    const text = fc.string({ unit: fc.constantFrom(...'..:1aF%&@=x'), maxLength: 120 })
    const near = /\.(?=.{1,3}\..{1,3}\.)|:(?=.{0,4}:)/g
    fc.assert(
      fc.property(text, fc.nat(120), (characters, cut) => {
        const room = allocateRoom(characters.length)
        room.write(characters, 'latin1')
        const end = Math.min(cut, characters.length)
        const marks = [...characters.matchAll(near)].map(({ index }) => index)
        const some = [...characters.matchAll(/[%&@=]/g)].map(({ index }) => index)
        const { findAny, findMarks } = programOf(room) ?? {}
        for (let from = 0; from < end; from++) {
          const places = [findAny?.(from, end, 37, 38, 64, 61) ?? -1, findMarks?.(from, end) ?? -1]
          const wanted = [some, marks].map((all) => all.find((at) => at >= from) ?? end)
          for (const [i, place] of places.entries()) {
            if ((wanted[i] ?? end) < end) expect(place).toBe(wanted[i])
            else expect(place).toBeGreaterThanOrEqual(end)
          }
        }
      }),
    )
  })

  test('ends behind a room that is full to its last byte', () => {
    for (const length of [1, 15, 16, 17, 65_535, 65_536, 65_537]) {
      const room = allocateRoom(length).fill(65)
      expect(findStopIn(room)?.(0, 128)).toBeGreaterThanOrEqual(length)
    }
  })

  test('is offered where bytes begin a room, and nowhere else', () => {
    const room = allocateRoom(100)
    expect(findStopIn(room.subarray(0, 10))).toBeDefined()
    expect(findStopIn(room.subarray(1))).toBeUndefined()
    expect(findStopIn(Buffer.alloc(100))).toBeUndefined()
  })
})
