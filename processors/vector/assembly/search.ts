/** One bit for each of the sixteen bytes at `at` that ends plain text: a control byte, a quote, a backslash, or one that shares a bit with `high`. */
function stopsAt(at: i32, high: i32): i32 {
  const bytes = v128.load(at)
  return i8x16.bitmask(
    v128.or(
      v128.or(v128.and(bytes, i8x16.splat(<i8>high)), i8x16.lt_u(bytes, i8x16.splat(32))),
      v128.or(i8x16.eq(bytes, i8x16.splat(34)), i8x16.eq(bytes, i8x16.splat(92))),
    ),
  )
}

/** The first place from `from` on whose byte ends plain text; `high` is 128 or 0. The caller sees to it that one stands before the end of the memory. */
export function findStop(from: i32, high: i32): i32 {
  let at = from
  let stops = stopsAt(at, high)
  while (stops === 0) {
    at += 16
    stops = stopsAt(at, high)
  }
  return at + ctz(stops)
}

/** The first place from `from` on that holds one of four bytes; `end`, or one behind it, when there is none before. */
export function findAny(from: i32, end: i32, a: i32, b: i32, c: i32, d: i32): i32 {
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at)
    const found = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(<i8>a)), i8x16.eq(bytes, i8x16.splat(<i8>b))),
        v128.or(i8x16.eq(bytes, i8x16.splat(<i8>c)), i8x16.eq(bytes, i8x16.splat(<i8>d))),
      ),
    )
    if (found !== 0) return at + ctz(found)
  }
  return end
}

/** Bytes at `at` that are dots or dashes. */
function dotsAt(at: i32): v128 {
  return i8x16.lt_u(i8x16.sub(v128.load(at), i8x16.splat(45)), i8x16.splat(2))
}

function colonsAt(at: i32): v128 {
  return i8x16.eq(v128.load(at), i8x16.splat(58))
}

/**
 * The first place from `from` on of a dot or a dash that two more follow, each two to four places behind the last, or of a colon that
 * another follows within five; `end`, or one behind it, when there is none before.
 */
export function findMarks(from: i32, end: i32): i32 {
  for (let at = from; at < end; at += 16) {
    const first = dotsAt(at)
    const second = dotsAt(at + 2)
    const third = dotsAt(at + 3)
    const fourth = dotsAt(at + 4)
    const colons = v128.and(
      colonsAt(at),
      v128.or(
        v128.or(colonsAt(at + 1), colonsAt(at + 2)),
        v128.or(colonsAt(at + 3), v128.or(colonsAt(at + 4), colonsAt(at + 5))),
      ),
    )
    // most steps end here: no two marks are near to each other
    const near = v128.and(first, v128.or(second, v128.or(third, fourth)))
    if (!v128.any_true(v128.or(colons, near))) continue
    const fifth = dotsAt(at + 5)
    const sixth = dotsAt(at + 6)
    const seventh = dotsAt(at + 7)
    const chains = v128.or(
      v128.or(
        v128.and(second, v128.or(fourth, v128.or(fifth, sixth))),
        v128.and(third, v128.or(fifth, v128.or(sixth, seventh))),
      ),
      v128.and(fourth, v128.or(v128.or(sixth, seventh), dotsAt(at + 8))),
    )
    const found = i8x16.bitmask(v128.or(colons, v128.and(first, chains)))
    if (found !== 0) return at + ctz(found)
  }
  return end
}
