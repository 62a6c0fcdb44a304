import type { Format } from './format.ts'

const combined = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
const common = '%h %l %u %t "%r" %>s %b'
/** Without a header only its time says that a line is one of these. */
const dated = /^\d{4}-\d\d-\d\d[ \t]\d\d:\d\d:\d\d[ \t]/

/** What is told from the user's ident of other servers. */
const aHost = '[a-z0-9*_-]*[a-z][a-z0-9_-]*(?:\\.[a-z0-9_-]+)*\\.[a-z]{2,}|localhost'

/** THE list. A line has the first format that it fits, so what is special stands before what is general. */
export const formats: readonly Format[] = [
  {
    id: 'ingress_nginx',
    title: 'Kubernetes ingress-nginx',
    notation: 'nginx',
    text: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id',
  },
  {
    id: 'traefik',
    title: 'Traefik, common',
    notation: 'apache',
    text: '%h - %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %{requests}x "%{router}x" "%{server}x" %{ms}Tms',
  },
  {
    id: 'haproxy_clf',
    title: 'HAProxy, clf',
    notation: 'haproxy',
    text: '%{+Q}o %{-Q}ci - - [%trg] %r %ST %B "" "" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl',
  },
  {
    id: 'vhost_combined',
    title: 'Apache vhost_combined',
    notation: 'apache',
    text: `%v:%p ${combined}`,
  },
  {
    id: 'peer_forwarded',
    title: 'combined with the forwarded clients behind the peer',
    notation: 'apache',
    text: '%h %{X-Forwarded-For}i %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    looks: /^(?:[\d.]+|[0-9a-fA-F]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*) [0-9a-fA-F.:]+, ?[0-9a-fA-F.:]+[, ]/,
  },
  {
    id: 'vhost_combined_no_port',
    title: 'combined with a host before it',
    notation: 'apache',
    text: `%v ${combined}`,
  },
  {
    id: 'vhost_common_port',
    title: 'common with a host and port before it',
    notation: 'apache',
    text: `%v:%p ${common}`,
  },
  {
    id: 'vhost_common',
    title: 'common with a host before it',
    notation: 'apache',
    text: `%v ${common}`,
  },
  {
    id: 'openlitespeed',
    title: 'OpenLiteSpeed',
    notation: 'apache',
    text: `"${combined}"`,
  },
  {
    id: 'lighttpd',
    title: 'lighttpd',
    notation: 'apache',
    text: '%h %V %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    looks: new RegExp(`^\\S+ (?:${aHost})(?::\\d+)? `, 'i'),
  },
  {
    id: 'nginx_main',
    title: 'nginx main',
    notation: 'nginx',
    text: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"',
  },
  {
    id: 'combined',
    title: 'combined',
    notation: 'apache',
    text: combined,
  },
  {
    id: 'demo',
    title: "the demo's own",
    foundAs: 'combined',
    notation: 'apache',
    text: combined,
  },
  {
    id: 'nginx',
    title: 'nginx combined',
    foundAs: 'combined',
    notation: 'nginx',
    text: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
  },
  {
    id: 'combinedio',
    title: 'Apache combinedio',
    foundAs: 'combined',
    notation: 'apache',
    text: `${combined} %I %O`,
  },
  {
    id: 'varnish',
    title: 'Varnish',
    foundAs: 'combined',
    notation: 'apache',
    text: '%h %l %u %t "%r" %s %b "%{Referer}i" "%{User-agent}i"',
  },
  {
    id: 'squid_combined',
    title: 'Squid combined',
    foundAs: 'combined',
    notation: 'squid',
    text: '%>a %[ui %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st "%{Referer}>h" "%{User-Agent}>h" %Ss:%Sh',
  },
  {
    id: 'gunicorn',
    title: 'gunicorn',
    foundAs: 'combined',
    notation: 'gunicorn',
    text: '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"',
  },
  {
    id: 'morgan',
    title: 'morgan combined',
    foundAs: 'combined',
    notation: 'morgan',
    text: ':remote-addr - :remote-user [:date[clf]] ":method :url HTTP/:http-version" :status :res[content-length] ":referrer" ":user-agent"',
  },
  {
    id: 'jetty',
    title: 'Jetty',
    foundAs: 'combined',
    notation: 'apache',
    text: '%{client}a - %u %t "%r" %s %O "%{Referer}i" "%{User-Agent}i"',
  },
  {
    id: 'common',
    title: 'common',
    notation: 'apache',
    text: common,
  },
  {
    id: 'tomcat',
    title: 'Tomcat',
    foundAs: 'common',
    notation: 'apache',
    text: '%h %l %u %t "%r" %s %b',
  },
  {
    id: 'openliberty',
    title: 'OpenLiberty',
    notation: 'apache',
    text: '%h %u %{t}W "%r" %s %b',
  },
  {
    id: 'no_user',
    title: 'combined without ident and user',
    notation: 'apache',
    text: '%h %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
  },
  {
    id: 'nginx_proxy_manager',
    title: 'Nginx Proxy Manager',
    notation: 'nginx',
    text: '[$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" [Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer"',
  },
  {
    id: 'envoy',
    title: 'Envoy',
    notation: 'envoy',
    text: '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"',
  },
  {
    id: 'istio',
    title: 'Istio',
    notation: 'envoy',
    text: '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%',
  },
  {
    id: 'haproxy',
    title: 'HAProxy, http',
    notation: 'haproxy',
    text: '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r',
  },
  {
    id: 'squid',
    title: 'Squid, native',
    notation: 'squid',
    text: '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt',
  },
  {
    id: 'alb',
    title: 'AWS Application Load Balancer',
    notation: 'words',
    text: 'type time elb client:port target request_processing_time target_processing_time response_processing_time elb_status_code target_status_code received_bytes sent_bytes "request" "user_agent" ssl_cipher ssl_protocol target_group_arn "trace_id" "domain_name"',
  },
  {
    id: 'elb',
    title: 'AWS Classic Load Balancer',
    notation: 'words',
    text: 'time elb client:port backend request_processing_time backend_processing_time response_processing_time elb_status_code backend_status_code received_bytes sent_bytes "request" "user_agent" ssl_cipher ssl_protocol',
  },
  {
    id: 's3',
    title: 'AWS S3',
    notation: 'words',
    text: 'Bucket_Owner Bucket [Time] Remote_IP Requester Request_ID Operation Key "request" HTTP_status Error_Code Bytes_Sent Object_Size Total_Time Turn-Around_Time "Referer" "User_Agent" Version_Id',
  },
  {
    id: 'uvicorn',
    title: 'uvicorn',
    notation: 'words',
    text: 'Level:     client:port - "request" status',
  },
  {
    id: 'morgan_short',
    title: 'morgan short',
    notation: 'morgan',
    text: ':remote-addr :remote-user :method :url HTTP/:http-version :status :res[content-length] - :response-time ms',
  },
  {
    id: 'cloudfront',
    title: 'AWS CloudFront',
    notation: 'w3c',
    text: '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields',
    looks: dated,
  },
  {
    id: 'iis',
    title: 'IIS W3C',
    notation: 'w3c',
    text: '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
    looks: dated,
  },
  {
    id: 'vhost_combined_between',
    title: 'combined with a host before it and fields before the request',
    notation: 'words',
    text: 'host client ident user [time] between "request" status size "referer" "user_agent"',
  },
  {
    id: 'combined_between',
    title: 'combined with fields before the request',
    notation: 'words',
    text: 'client ident user [time] between "request" status size "referer" "user_agent"',
  },
  {
    id: 'traefik_json',
    title: 'Traefik, JSON',
    notation: 'json',
    text: '{"client": "ClientHost", "user": "ClientUsername", "time": "StartUTC|time", "method": "RequestMethod", "path": "RequestPath", "protocol": "RequestProtocol", "status": "DownstreamStatus", "size": "DownstreamContentSize", "referer": "request_Referer", "agent": "request_User-Agent", "host": "RequestHost", "duration_ns": "Duration", "forwarded": "request_X-Forwarded-For"}',
  },
  {
    id: 'caddy',
    title: 'Caddy, JSON',
    notation: 'json',
    text: '{"client": "request.client_ip|request.remote_ip|request.remote_addr", "user": "user_id", "time": "ts", "method": "request.method", "path": "request.uri", "protocol": "request.proto", "status": "status", "size": "size", "referer": "request.headers.Referer", "agent": "request.headers.User-Agent", "host": "request.host", "duration_s": "duration", "forwarded": "request.headers.X-Forwarded-For"}',
  },
  {
    id: 'google_lb',
    title: 'Google Cloud load balancer, JSON',
    notation: 'json',
    text: '{"client": "httpRequest.remoteIp", "time": "timestamp", "method": "httpRequest.requestMethod", "path": "httpRequest.requestUrl", "protocol": "httpRequest.protocol", "status": "httpRequest.status", "size": "httpRequest.responseSize", "referer": "httpRequest.referer", "agent": "httpRequest.userAgent", "duration_s": "httpRequest.latency"}',
  },
  {
    id: 'openliberty_json',
    title: 'OpenLiberty, JSON',
    notation: 'json',
    text: '{"client": "ibm_remoteHost|ibm_remoteIP", "user": "ibm_userID", "time": "ibm_datetime", "method": "ibm_requestMethod", "path": "ibm_uriPath", "query": "ibm_queryString", "protocol": "ibm_requestProtocol", "status": "ibm_responseCode", "size": "ibm_bytesSent", "agent": "ibm_userAgent", "referer": "ibm_requestReferer", "host": "ibm_requestHost", "duration_us": "ibm_elapsedTime"}',
  },
  {
    id: 'envoy_json',
    title: 'Envoy and Istio, JSON',
    notation: 'json',
    text: '{"client": "downstream_remote_address", "time": "start_time", "method": "method", "path": "path", "protocol": "protocol", "status": "response_code", "size": "bytes_sent", "agent": "user_agent", "host": "authority", "duration_ms": "duration", "forwarded": "x_forwarded_for"}',
  },
  {
    id: 'nginx_json',
    title: 'nginx, JSON',
    notation: 'json',
    text: '{"client": "remote_addr", "user": "remote_user", "time": "time_iso8601|time_local|time|msec|timestamp|@timestamp", "request": "request", "method": "request_method|method", "path": "request_uri|uri", "query": "args|query_string", "protocol": "server_protocol", "status": "status", "size": "body_bytes_sent|bytes_sent", "referer": "http_referer|http_referrer", "agent": "http_user_agent", "host": "host|http_host|server_name", "duration_s": "request_time", "forwarded": "http_x_forwarded_for"}',
  },
  {
    id: 'json',
    title: 'JSON',
    notation: 'json',
    text: '{"client": "client_ip|clientip|client|remote_ip|remote_addr|remoteAddr|remoteIp|remote_host|host_ip|ip|source.ip|client.ip|req.remoteAddress|http.client_ip|clientIP", "user": "user|remote_user|username|user_id|auth|user.name", "time": "@timestamp|timestamp|time|ts|datetime|date|time_local|time_iso8601|start_time|start", "request": "request|request_line|req_line", "method": "method|request_method|http_method|verb|http.request.method|req.method", "path": "uri|path|url|request_uri|request_path|target|url.original|req.url|http.target", "query": "query_string", "protocol": "protocol|proto|http_version|server_protocol", "status": "status|status_code|response|response_code|statusCode|code|http_status|http.response.status_code|res.statusCode", "size": "bytes|size|body_bytes_sent|bytes_sent|response_size|responseSize|content_length|body_bytes|http.response.body.bytes|length", "referer": "referer|referrer|http_referer|http_referrer|http.request.referrer", "agent": "agent|user_agent|userAgent|http_user_agent|user-agent|useragent|user_agent.original", "host": "host|vhost|http_host|server_name|authority|hostname|domain", "duration_ms": "duration_ms|response_time_ms|latency_ms|elapsed_ms|responseTime", "duration_s": "duration|request_time|response_time|latency|elapsed|time_taken", "duration_us": "duration_us|latency_us", "forwarded": "x_forwarded_for|http_x_forwarded_for|forwarded_for|xff|x-forwarded-for|forwarded"}',
  },
]

export const findFormat = (id: string): Format | undefined => formats.find((format) => format.id === id)
