import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { jsonText } from '../core/json.ts'
import { programs } from '../programs.ts'
import { lockHolder } from './lock.ts'
import { configOf } from './options.ts'
import { textTable } from './text-table.ts'
import type { Verb } from './verb.ts'

/** `bbq info`: versions and every path in use. */
export const infoVerb: Verb = (program, act) => {
  program
    .command('info')
    .description('versions and every path in use')
    .action(
      act(async (call) => {
        const { context, stateDir } = call
        const config = configOf(call, context.env)
        const holder = lockHolder(stateDir)
        const facts = {
          version: context.version,
          node: process.versions.node,
          node_path: context.nodePath,
          platform: `${process.platform} ${process.arch}`,
          config_file: config.file === undefined ? null : resolve(config.file),
          state: resolve(stateDir),
          state_exists: existsSync(stateDir),
          in_use_by: holder === undefined ? null : holder.pid,
          cluster: config.cluster.kind,
          cluster_api: config.cluster.api ?? null,
          warehouse: config.warehouse.kind,
          warehouse_path: resolve(config.warehouse.path),
          dataset: config.bigquery.dataset_name,
          jobs_sent: resolve(stateDir, 'jobs'),
          job_templates: programs.jobs,
          processor: programs.run,
          generator: programs.generate,
        }
        if (call.json) call.print(jsonText({ ...facts, origins: config.origins, notices: config.notices }, 2))
        else {
          const rows = Object.entries(facts).map(([name, value]) => [name, value === null ? '—' : String(value)])
          call.print(textTable([{ title: 'what' }, { title: 'value' }], rows))
        }
        for (const notice of config.notices) call.say(notice)
        return 0
      }),
    )
}
