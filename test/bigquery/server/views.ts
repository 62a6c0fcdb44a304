import type { Field } from './fields.ts'
import type { StoredTable, World } from './world.ts'

export const defineView = async (_world: World, _table: StoredTable): Promise<void> => {}
export const redefineViews = async (_world: World): Promise<void> => {}
export const viewFields = async (_world: World, _table: StoredTable): Promise<readonly Field[]> => []
