import type { Template } from '../template.ts'
import { cutAt, fieldOf, headerFields, type Variables } from './variables.ts'

const variables: Variables = {
  START_TIME: 'time',
  'REQ(:METHOD)': 'method',
  'REQ(:PATH)': 'path',
  'REQ(X-ENVOY-ORIGINAL-PATH?:PATH)': 'path',
  PROTOCOL: 'protocol',
  RESPONSE_CODE: 'status',
  BYTES_SENT: 'size',
  DURATION: ['duration', 'ms'],
  DOWNSTREAM_REMOTE_ADDRESS: 'client',
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: 'client',
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: 'ignored',
}

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#format-strings */
export const envoyTemplate = (text: string): Template =>
  cutAt(
    text.replaceAll('\\"', '"').replace(/(?:\\n|\n)$/, ''),
    /%([A-Z_0-9]+)(\([^)]*\))?(?::\d+)?%/g,
    ([shown, name = '', argument = '']) => {
      const header = name === 'REQ' ? headerFields[argument.slice(1, -1).toLowerCase()] : undefined
      if (header !== undefined) return [{ kind: header, name: shown }]
      return [fieldOf(name === 'REQ' ? name + argument : name, variables, shown)]
    },
  )
