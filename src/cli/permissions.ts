import { parseDuration } from './duration.ts'
import type { GrantWish } from './permissions-grant.ts'
import type { Verb } from './verb.ts'

/** `bbq permissions`: what operator and uploader may do in BigQuery. */
export const permissionsVerb: Verb = (program, act) => {
  const permissions = program.command('permissions').description('what operator and uploader may do in BigQuery')
  permissions
    .command('check')
    .description('every right that the demo needs, and what is missing; changes nothing')
    .action(act(async (call) => (await import('./permissions-check.ts')).checkPermissions(call)))
  permissions
    .command('grant')
    .description('gives both accounts what they lack, and nothing more; shows the change and asks first')
    .option('--yes', 'do not ask')
    .option('--wait <time>', 'how long to wait until the grants are seen: 30s, 5m; 2m when not given', parseDuration)
    .action(act(async (call, wish: GrantWish) => (await import('./permissions-grant.ts')).grantPermissions(call, wish)))
}
