import type { ChunkCounts } from '../chunk-processor.ts'

export const noCounts: ChunkCounts = {
  lines_read: 0,
  lines_parsed: 0,
  lines_rejected: 0,
  lines_blank: 0,
  repaired: 0,
  masked: 0,
  full_addresses: 0,
}

export const addChunkCounts = (a: ChunkCounts, b: ChunkCounts): ChunkCounts => ({
  lines_read: a.lines_read + b.lines_read,
  lines_parsed: a.lines_parsed + b.lines_parsed,
  lines_rejected: a.lines_rejected + b.lines_rejected,
  lines_blank: a.lines_blank + b.lines_blank,
  repaired: a.repaired + b.repaired,
  masked: a.masked + b.masked,
  full_addresses: a.full_addresses + b.full_addresses,
})
