import type { LeafData } from '../parquet/column.ts'
import type { AlertRow } from '../pass/output.ts'
import { constantLeaf, plainTextLeaf, textLeaf, wholeLeaf } from './leaves.ts'

/** The columns of emergencies; the place of a log begins every id. */
export const alertColumns = (alerts: readonly AlertRow[], place: string): Readonly<Record<string, LeafData>> => ({
  remote_log_id: plainTextLeaf(alerts.map(({ off }) => `${place}${off}`)),
  timestamp: wholeLeaf(alerts.map(({ ts_us }) => ts_us)),
  message: textLeaf(alerts.map(({ message }) => message)),
  alert_level: constantLeaf('EMERGENCY', alerts.length),
  kind: textLeaf(alerts.map(({ kind }) => kind)),
  reason: textLeaf(alerts.map(({ reason }) => reason)),
  event_id: plainTextLeaf(alerts.map(({ event_id }) => event_id)),
  ip: textLeaf(alerts.map(({ ip }) => ip)),
})
