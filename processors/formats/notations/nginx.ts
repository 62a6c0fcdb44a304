import type { Template } from '../template.ts'
import { cutAt, fieldOf, type Variables } from './variables.ts'

/** https://nginx.org/en/docs/http/ngx_http_core_module.html#variables and ngx_http_log_module. */
const variables: Variables = {
  remote_addr: 'client',
  remote_user: 'user',
  time_local: 'time',
  time_iso8601: 'time',
  msec: 'time',
  request: 'request',
  request_method: 'method',
  request_uri: 'path',
  uri: 'path',
  is_args: 'query',
  args: 'query',
  query_string: 'query',
  server_protocol: 'protocol',
  status: 'status',
  body_bytes_sent: 'size',
  http_referer: 'referer',
  http_user_agent: 'agent',
  host: 'host',
  http_host: 'host',
  server_name: 'host',
  server_port: 'port',
  remote_port: 'port',
  request_time: ['duration', 's'],
  http_x_forwarded_for: 'forwarded',
  proxy_add_x_forwarded_for: 'forwarded',
  http_forwarded: 'forwarded',
}

/** A text of nginx's `log_format`. */
export const nginxTemplate = (text: string): Template =>
  cutAt(text.replaceAll('\\"', '"'), /\$\{?([a-z0-9_]+)\}?/g, ([shown, name = '']) => [fieldOf(name, variables, shown)])
