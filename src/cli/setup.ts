import { InvalidArgumentError } from 'commander'
import { parseDuration } from './duration.ts'
import type { SetupWish } from './setup-run.ts'
import type { Verb } from './verb.ts'

const parent = (text: string): string => {
  if (!/^(?:organizations|folders)\/\d+$/.test(text))
    throw new InvalidArgumentError('It takes organizations/NUMBER or folders/NUMBER.')
  return text
}

/** `bbq setup`: config, project, APIs, dataset, tables and rights. */
export const setupVerb: Verb = (program, act) => {
  program
    .command('setup')
    .description(
      'writes the settings given as flags into the config, looks at what BigQuery needs, makes what you agree to',
    )
    .option('-i, --interactive', 'ask for the settings and before each change')
    .option('--create-project', 'make the project when it is missing')
    .option('--parent <place>', 'where a new project belongs: organizations/NUMBER or folders/NUMBER', parent)
    .option('--enable-apis', 'switch the APIs on that are off')
    .option('--grant', 'give both accounts the rights that they lack')
    .option('--yes', 'agree to all three: project, APIs, rights')
    .option('--wait <time>', 'look at each thing again for so long while you put it right by hand: 10m', parseDuration)
    .action(act(async (call, wish: SetupWish) => (await import('./setup-run.ts')).setUp(call, wish)))
}
