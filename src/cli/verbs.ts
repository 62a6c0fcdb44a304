import { credentialsVerb } from './credentials.ts'
import { doctorVerb } from './doctor.ts'
import { edgeVerb } from './edge.ts'
import { explainVerb } from './explain.ts'
import { infoVerb } from './info.ts'
import { logsVerb } from './logs.ts'
import { nodesVerb } from './nodes.ts'
import { permissionsVerb } from './permissions.ts'
import { queryVerb } from './query.ts'
import { rejectsVerb } from './rejects.ts'
import { resetVerb } from './reset.ts'
import { runVerb } from './run.ts'
import { setupVerb } from './setup.ts'
import { tablesVerb } from './tables.ts'
import { tourVerb } from './tour.ts'
import type { Verb } from './verb.ts'

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  tourVerb,
  setupVerb,
  runVerb,
  rejectsVerb,
  nodesVerb,
  logsVerb,
  credentialsVerb,
  permissionsVerb,
  tablesVerb,
  queryVerb,
  edgeVerb,
  resetVerb,
  explainVerb,
  doctorVerb,
  infoVerb,
]
