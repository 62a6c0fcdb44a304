import type { Verb } from './verb.ts'

/** `bbq permissions`: what operator and uploader may do in BigQuery. */
export const permissionsVerb: Verb = (program, act) => {
  const permissions = program.command('permissions').description('what operator and uploader may do in BigQuery')
  permissions
    .command('check')
    .description('every right that the demo needs, and what is missing; changes nothing')
    .action(act(async (call) => (await import('./permissions-check.ts')).checkPermissions(call)))
}
