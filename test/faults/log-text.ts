/** A stream of numbers in [0, 1) from a seed. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Lines of a log from a number on, one each 100 ms, with outages, failed logins, probes, bad lines and blank ones. */
export const logText = (from: number, count: number, random: () => number): string => {
  const lines: string[] = []
  for (let i = from; i < from + count; i++) {
    const time = new Date(1_790_000_000_000 + i * 100).toISOString()
    const outage = i % 9000 < 400
    const status = outage && random() < 0.7 ? 503 : random() < 0.05 ? 401 : 200
    const client = random() < 0.1 ? `2001:db8::${(i % 40).toString(16)}` : `198.51.${i % 7}.${i % 90}`
    const path = status === 401 ? '/login' : random() < 0.002 ? '/../../etc/passwd' : `/products/${i % 30}`
    const odd = random()
    if (odd < 0.005) lines.push('')
    else if (odd < 0.01) lines.push(`no line of a log ${i}`)
    else lines.push(`${client} - - [${time}] "GET ${path}?n=${i} HTTP/1.1" ${status} ${i % 5000} "-" "agent ${i % 5}"`)
  }
  return lines.map((line) => `${line}\n`).join('')
}
