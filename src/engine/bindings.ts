import type { Binding } from './keymap.ts'
import { moveKeys } from './keys/move-keys.ts'
import { walkKeys } from './keys/walk-keys.ts'
import { workKeys } from './keys/work-keys.ts'

/** Every key: makes footer, help, docs, and what a key press does. */
export const bindings: readonly Binding[] = [...walkKeys, ...moveKeys, ...workKeys]
