import type { Template } from '../template.ts'
import { cutAt, fieldOf, type Variables } from './variables.ts'

const variables: Variables = {
  host: 'host',
  client: 'client',
  port: 'port',
  user: 'user',
  requester: 'user',
  time: 'time',
  request: 'request',
  request_uri: 'request',
  status: 'status',
  elb_status_code: 'status',
  http_status: 'status',
  size: 'size',
  sent_bytes: 'size',
  bytes_sent: 'size',
  referer: 'referer',
  user_agent: 'agent',
  domain_name: 'host',
  host_header: 'host',
  remote_ip: 'client',
  total_time: ['duration', 'ms'],
  target_processing_time: ['duration', 's'],
  backend_processing_time: ['duration', 's'],
  between: 'between',
}

/** Names of fields with what stands between them, as the documents of AWS have it. */
export const wordsTemplate = (text: string): Template =>
  cutAt(text, /[A-Za-z][A-Za-z0-9_-]*/g, ([shown]) => [
    fieldOf(shown.toLowerCase().replaceAll('-', '_'), variables, shown),
  ])
