/** Told how many more bytes a pass holds beside what most lines take; once they are too many, it ends behind the line at hand. */
export type Hold = (bytes: number) => void

/** About as many bytes may one pass hold of what is unusual: rows as objects, refusals, windows, endpoints, emergencies. */
export const mostHeld = 48 * 1024 * 1024

/** Bytes that one of each takes here and where it is written, with its texts where they are short. */
export const heldBy = { row: 700, text: 160, refusal: 160, window: 4096, endpoint: 384, alert: 320 } as const
