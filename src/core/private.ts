/** What may be taken out of every text from the stage private on, in the order of work. */
export const transformationIds = ['addresses', 'users', 'secrets', 'emails'] as const

export type TransformationId = (typeof transformationIds)[number]

/** Bits of an address that stay, where a config gives no number of its own. */
export const keptBits = {
  standard: { ipv4: 24, ipv6: 64 },
  strict: { ipv4: 16, ipv6: 48 },
} as const
