import type { Transformation } from './transformation.ts'

/** The name with which somebody logged in is not sent. */
export const users: Transformation = { users: true }
