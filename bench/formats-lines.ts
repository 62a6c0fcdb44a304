/** One request, in all that any server writes of it. */
interface Request {
  readonly client: string
  readonly user: string
  /** Microseconds since the epoch. */
  readonly micros: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly protocol: string
  readonly status: number
  readonly size: number
  readonly referer: string
  readonly agent: string
  readonly host: string
  readonly durationMs: number
  readonly id: string
}

const start = Date.UTC(2026, 2, 12, 10) * 1000

/** Whole numbers below a limit, the same every time. */
const numbersFrom = (seed: number): ((limit: number) => number) => {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const statuses = [200, 200, 200, 200, 200, 200, 200, 304, 302, 404, 401, 500]
const methods = ['GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'HEAD']
const systems = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'X11; Linux x86_64',
  'iPhone; CPU iPhone OS 18_1 like Mac OS X',
  'Linux; Android 14; Pixel 8',
]

/** Requests of many clients, pages and browsers, one behind another in time. */
export function* requests(count: number): Generator<Request> {
  const below = numbersFrom(1)
  let micros = start
  for (let i = 0; i < count; i++) {
    micros += 1 + below(200_000)
    const page = `/${['products', 'blog', 'assets/js', 'api/v2/orders', 'search'][below(5)]}/${below(5_000)}`
    yield {
      client:
        below(20) === 0
          ? `2001:db8:${below(65_536).toString(16)}::${(1 + below(65_535)).toString(16)}`
          : `${['192.0.2', '198.51.100', '203.0.113'][below(3)]}.${1 + below(254)}`,
      user: below(30) === 0 ? `user${below(500)}` : '-',
      micros,
      method: methods[below(methods.length)] ?? 'GET',
      path: page,
      query: below(4) === 0 ? `page=${below(50)}&sort=price` : '',
      protocol: below(3) === 0 ? 'HTTP/1.1' : 'HTTP/2.0',
      status: statuses[below(statuses.length)] ?? 200,
      size: below(60_000),
      referer: below(2) === 0 ? '-' : `https://www.example.com/blog/${below(900)}`,
      agent: `Mozilla/5.0 (${systems[below(systems.length)]}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${100 + below(40)}.0.${below(9_000)}.${below(200)} Safari/537.36`,
      host: 'www.example.com',
      durationMs: below(2_000),
      id: below(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    }
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const iso = ({ micros }: Request): string => new Date(micros / 1000).toISOString()
const clf = (request: Request): string => {
  const text = iso(request)
  return `${text.slice(8, 10)}/${months[Number(text.slice(5, 7)) - 1]}/${text.slice(0, 4)}:${text.slice(11, 19)}`
}
const time = (request: Request): string => `[${clf(request)} +0000]`
const target = ({ path, query }: Request): string => (query === '' ? path : `${path}?${query}`)
const asked = (request: Request): string => `"${request.method} ${target(request)} ${request.protocol}"`
const absolute = (request: Request): string =>
  `"${request.method} http://${request.host}${target(request)} ${request.protocol}"`
const headers = ({ referer, agent }: Request): string => `"${referer}" "${agent}"`
const seconds = ({ durationMs }: Request): string => (durationMs / 1000).toFixed(3)

const common = (request: Request, line = asked(request)): string =>
  `${request.client} - ${request.user} ${time(request)} ${line} ${request.status} ${request.size}`
const combined = (request: Request, line = asked(request)): string => `${common(request, line)} ${headers(request)}`
const envoy = (request: Request, details = ''): string =>
  `[${iso(request)}] ${asked(request)} ${request.status} - ${details}0 ${request.size} ${request.durationMs} ${request.durationMs} "${request.client}" "${request.agent}" "${request.id}" "${request.host}" "10.0.0.5:8080"`
const balanced = (request: Request, balancer: string, port: number): string =>
  `${iso(request)} ${balancer} ${request.client}:25632 10.0.0.5:80 0.001 ${seconds(request)} 0.000 ${request.status} ${request.status} 225 ${request.size} "${request.method} https://${request.host}:${port}${target(request)} ${request.protocol}" "${request.agent}"`

/** How each format of the list writes a request; clients that a port follows are in IPv4. */
export const writers: Readonly<Record<string, (request: Request) => string>> = {
  demo: (r) => combined(r).replace(time(r), `[${iso(r).replace('Z', '000+0000')}]`),
  ingress_nginx: (r) =>
    `${combined(r)} 765 ${seconds(r)} [shop-web-8080] [] 10.0.0.5:8080 ${r.size} ${seconds(r)} ${r.status} ${r.id}`,
  traefik: (r) => `${combined(r)} ${r.size} "web@docker" "http://10.0.0.5:8080" ${r.durationMs}ms`,
  haproxy_clf: (r) =>
    `${common(r)} "" "" 25632 584 "web~" "app" "srv1" 0 0 0 ${r.durationMs} ${r.durationMs} "----" 5 4 0 1 0 0 0 "-" "-" "" ""`,
  vhost_combined: (r) => `${r.host}:443 ${combined(r)}`,
  vhost_combined_no_port: (r) => `${r.host} ${combined(r)}`,
  vhost_common_port: (r) => `${r.host}:443 ${common(r)}`,
  vhost_common: (r) => `${r.host} ${common(r)}`,
  openlitespeed: (r) => `"${combined(r)}"`,
  lighttpd: (r) => combined(r).replace(' - ', ` ${r.host} `),
  nginx_main: (r) => `${combined(r)} "203.0.113.${1 + (r.size % 254)}, 10.0.0.2"`,
  combined,
  nginx: combined,
  combinedio: (r) => `${combined(r)} 512 ${r.size + 345}`,
  varnish: (r) => combined(r, absolute(r)),
  squid_combined: (r) => `${combined(r, absolute(r))} TCP_MISS:HIER_DIRECT`,
  gunicorn: combined,
  morgan: combined,
  jetty: combined,
  common,
  tomcat: common,
  openliberty: (r) => common(r).replace(' - ', ' '),
  no_user: (r) => `${r.client} ${time(r)} ${asked(r)} ${r.status} ${r.size} ${headers(r)}`,
  nginx_proxy_manager: (r) =>
    `${time(r)} - ${r.status} ${r.status} - ${r.method} https ${r.host} "${target(r)}" [Client ${r.client}] [Length ${r.size}] [Gzip -] [Sent-to 10.0.0.5] "${r.agent}" "${r.referer}"`,
  envoy,
  istio: (r) => `${envoy(r, 'via_upstream - "-" ')} inbound|80|| 127.0.0.6:41 10.0.0.5:80 ${r.client}:0 - default`,
  haproxy: (r) =>
    `${v4(r)}:25632 [${clf(r)}.584] web~ app/srv1 0/0/0/${r.durationMs}/${r.durationMs} ${r.status} ${r.size} - - ---- 5/4/0/1/0 0/0 {${r.host}} {} ${asked(r)}`,
  squid: (r) =>
    `${(r.micros / 1e6).toFixed(3)} ${String(r.durationMs).padStart(6)} ${r.client} TCP_MISS/${r.status} ${r.size} ${r.method} http://${r.host}${target(r)} - HIER_DIRECT/10.0.0.5 text/html`,
  alb: (r) =>
    `https ${balanced({ ...r, client: v4(r) }, 'app/my-alb/0123456789abcdef', 443)} ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/tg/0123 "Root=1-${r.id}-0" "${r.host}" "-" 0 ${iso(r)} "forward" "-" "-" "10.0.0.5:80" "${r.status}" "-" "-"`,
  elb: (r) => `${balanced({ ...r, client: v4(r) }, 'my-elb', 80)} - -`,
  s3: (r) =>
    `79a59df900b949e5 my-bucket ${time(r)} ${r.client} - ${r.id} REST.GET.OBJECT ${r.path.slice(1)} ${asked(r)} ${r.status} - ${r.size} ${r.size} ${r.durationMs} 10 ${headers(r)} - s9lzHYrFp76ZVxRcpX9 SigV4 ECDHE-RSA-AES128 AuthHeader my-bucket.s3.eu-west-1.amazonaws.com TLSv1.2`,
  uvicorn: (r) => `INFO:     ${v4(r)}:25632 - ${asked(r)} ${r.status} OK`,
  morgan_short: (r) =>
    `${r.client} ${r.user} ${r.method} ${target(r)} ${r.protocol} ${r.status} ${r.size} - ${r.durationMs}.125 ms`,
  cloudfront: (r) =>
    [
      ...[...dayAndClock(r), 'FRA2', r.size, r.client, r.method, 'd111.cloudfront.example', r.path, r.status],
      ...[r.referer, plus(r.agent), r.query || '-', '-', 'Hit', r.id, r.host, 'https', 217, seconds(r), '-', 'TLSv1.3'],
      ...['TLS_AES_128', 'Hit', r.protocol, '-', '-'],
    ].join('\t'),
  iis: (r) =>
    `${dayAndClock(r).join(' ')} 10.0.0.5 ${r.method} ${r.path} ${r.query || '-'} 443 ${r.user} ${r.client} ${plus(r.agent)} ${r.referer} ${r.status} 0 0 ${r.durationMs}`,
  vhost_combined_between: (r) => `${r.host} ${combined(r, `(0 s) ${asked(r)}`)}`,
  combined_between: (r) => combined(r, `https ${asked(r)}`),
  traefik_json: (r) =>
    JSON.stringify({
      ClientAddr: `${r.client}:25632`,
      ClientHost: r.client,
      ClientUsername: r.user,
      DownstreamContentSize: r.size,
      DownstreamStatus: r.status,
      Duration: r.durationMs * 1_000_000,
      RequestHost: r.host,
      RequestMethod: r.method,
      RequestPath: target(r),
      RequestProtocol: r.protocol,
      StartUTC: iso(r),
      request_Referer: r.referer,
      'request_User-Agent': r.agent,
      level: 'info',
      time: iso(r),
    }),
  caddy: (r) =>
    JSON.stringify({
      level: 'info',
      ts: r.micros / 1e6,
      logger: 'http.log.access',
      msg: 'handled request',
      request: {
        remote_ip: r.client,
        remote_port: '25632',
        client_ip: r.client,
        proto: r.protocol,
        method: r.method,
        host: r.host,
        uri: target(r),
        headers: { 'User-Agent': [r.agent], Referer: [r.referer] },
      },
      bytes_read: 0,
      user_id: '',
      duration: r.durationMs / 1000,
      size: r.size,
      status: r.status,
    }),
  google_lb: (r) =>
    JSON.stringify({
      httpRequest: {
        latency: `${seconds(r)}s`,
        remoteIp: r.client,
        requestMethod: r.method,
        requestUrl: `https://${r.host}${target(r)}`,
        responseSize: String(r.size),
        status: r.status,
        userAgent: r.agent,
        protocol: r.protocol,
      },
      insertId: r.id,
      severity: 'INFO',
      timestamp: iso(r),
    }),
  openliberty_json: (r) =>
    JSON.stringify({
      type: 'liberty_accesslog',
      ibm_remoteHost: r.client,
      ibm_requestMethod: r.method,
      ibm_requestHost: r.host,
      ibm_uriPath: r.path,
      ibm_queryString: r.query,
      ibm_requestProtocol: r.protocol,
      ibm_bytesSent: r.size,
      ibm_responseCode: r.status,
      ibm_elapsedTime: r.durationMs * 1000,
      ibm_userAgent: r.agent,
      ibm_datetime: iso(r).replace('Z', '+0000'),
    }),
  envoy_json: (r) =>
    JSON.stringify({
      start_time: iso(r),
      method: r.method,
      path: target(r),
      protocol: r.protocol,
      response_code: r.status,
      bytes_sent: r.size,
      duration: r.durationMs,
      downstream_remote_address: `${v4(r)}:25632`,
      x_forwarded_for: null,
      user_agent: r.agent,
      authority: r.host,
    }),
  nginx_json: (r) =>
    JSON.stringify({
      time_iso8601: iso(r).replace(/\.\d+Z/, '+00:00'),
      remote_addr: r.client,
      remote_user: r.user,
      request: asked(r).slice(1, -1),
      status: String(r.status),
      body_bytes_sent: String(r.size),
      request_time: seconds(r),
      http_referrer: r.referer,
      http_user_agent: r.agent,
      host: r.host,
    }),
  json: (r) =>
    JSON.stringify({
      timestamp: Math.floor(r.micros / 1000),
      client_ip: r.client,
      method: r.method,
      uri: target(r),
      protocol: r.protocol,
      status_code: r.status,
      bytes: r.size,
      duration_ms: r.durationMs,
      user_agent: r.agent,
      host: r.host,
    }),
}

const v4 = ({ client, size }: Request): string => (client.includes(':') ? `198.51.100.${1 + (size % 254)}` : client)
const dayAndClock = (request: Request): readonly string[] => {
  const text = iso(request)
  return [text.slice(0, 10), text.slice(11, 19)]
}
const plus = (text: string): string => text.replaceAll(' ', '+')
