import { idList } from './id-list.ts'
import { prepare } from './prepare.ts'
import type { Verb } from './verb.ts'

/** `bbq credentials distribute`: the preparation of nodes by the name that it has in the original demo. */
export const credentialsVerb: Verb = (program, act) => {
  program
    .command('credentials')
    .description("the uploader's key on the nodes")
    .command('distribute')
    .description('seal it for every node and put it there; the same as nodes prepare')
    .option('--nodes <ids>', 'only these nodes, such as aws-1,gcp-2', idList)
    .option('--rotate', 'new key pairs, and the key sealed anew')
    .action(act(prepare))
}
