import { fromText } from './layers.ts'
import { renderSections } from './render.ts'
import { sections } from './schema.ts'

const head = `# Copy to config.yaml and change what differs. Every line below shows the default; every key is
# also a flag (project.create_if_missing is --project-create-if-missing) and a variable
# (BBQ_PROJECT_CREATE_IF_MISSING). A flag beats a variable, a variable beats this file.
# Without any config the demo runs on this machine: simulated nodes and a DuckDB warehouse.
`

/** The text of config.yaml.example, made from the schema. */
export const renderExample = (): string =>
  `${head}\n${renderSections(sections, (key) =>
    key.default === undefined
      ? { value: fromText(key, key.meta.example ?? ''), commented: true }
      : { value: key.default },
  )}`
