/** A line of every format of the list, as its server writes it; 192.0.2.83 asks www.example.com for /wp-login.php?a=1. */
interface Sample {
  readonly id: string
  readonly line: string
  /** What the line does not say. */
  readonly without?: readonly ('client' | 'host' | 'size' | 'protocol' | 'agent' | 'time' | 'duration')[]
  /** A line that is of an earlier format of the list too, under which it is found. */
  readonly foundAs?: string
}

const clf = '[12/Mar/2026:10:00:00 +0000]'
const request = '"GET /wp-login.php?a=1 HTTP/1.1"'
const combined = `192.0.2.83 - - ${clf} ${request} 200 23965 "-" "ExampleBot/2.1"`

export const samples: readonly Sample[] = [
  {
    id: 'ingress_nginx',
    line: `${combined} 765 0.220 [shop-web-8080] [] 10.0.0.5:8080 23965 0.220 200 0123456789abcdef0123456789abcdef`,
  },
  { id: 'traefik', line: `${combined} 6948 "web@docker" "http://10.0.0.5:8080" 220ms` },
  {
    id: 'haproxy_clf',
    line: `192.0.2.83 - - ${clf} ${request} 200 23965 "" "" 25632 584 "web~" "app" "srv1" 0 0 0 220 220 "----" 5 4 0 1 0 0 0 "-" "-" "" ""`,
    without: ['agent'],
  },
  { id: 'vhost_combined', line: `www.example.com:443 ${combined}` },
  { id: 'peer_forwarded', line: combined.replace(' - -', ' 203.0.113.9, 10.0.0.2 - -') },
  { id: 'vhost_combined_no_port', line: `www.example.com ${combined}` },
  {
    id: 'vhost_common_port',
    line: `www.example.com:443 192.0.2.83 - - ${clf} ${request} 200 23965`,
    without: ['agent'],
  },
  { id: 'vhost_common', line: `www.example.com 192.0.2.83 - - ${clf} ${request} 200 23965`, without: ['agent'] },
  { id: 'openlitespeed', line: `"${combined}"` },
  { id: 'lighttpd', line: combined.replace(' - -', ' www.example.com -') },
  { id: 'nginx_main', line: `${combined} "203.0.113.9, 10.0.0.2"` },
  { id: 'combined', line: combined },
  { id: 'demo', line: combined.replace(clf, '[2026-03-12T10:00:00.250000+0000]'), foundAs: 'combined' },
  { id: 'nginx', line: combined, foundAs: 'combined' },
  { id: 'combinedio', line: `${combined} 512 24310`, foundAs: 'combined' },
  { id: 'varnish', line: combined.replace(' /', ' http://www.example.com/'), foundAs: 'combined' },
  {
    id: 'squid_combined',
    line: `${combined.replace(' /', ' http://www.example.com/')} TCP_MISS:HIER_DIRECT`,
    foundAs: 'combined',
  },
  { id: 'gunicorn', line: combined, foundAs: 'combined' },
  { id: 'morgan', line: combined, foundAs: 'combined' },
  { id: 'jetty', line: combined, foundAs: 'combined' },
  { id: 'common', line: `192.0.2.83 - - ${clf} ${request} 200 23965`, without: ['agent'] },
  { id: 'tomcat', line: `192.0.2.83 - - ${clf} ${request} 200 23965`, without: ['agent'], foundAs: 'common' },
  { id: 'openliberty', line: `192.0.2.83 - ${clf} ${request} 200 23965`, without: ['agent'] },
  { id: 'no_user', line: combined.replace(' - -', '') },
  {
    id: 'nginx_proxy_manager',
    line: `${clf} - 200 200 - GET https www.example.com "/wp-login.php?a=1" [Client 192.0.2.83] [Length 23965] [Gzip -] [Sent-to 10.0.0.5] "ExampleBot/2.1" "-"`,
    without: ['protocol'],
  },
  {
    id: 'envoy',
    line: `[2026-03-12T10:00:00.250Z] ${request} 200 - 0 23965 220 219 "192.0.2.83" "ExampleBot/2.1" "0b1c" "www.example.com" "10.0.0.5:8080"`,
  },
  {
    id: 'istio',
    line: `[2026-03-12T10:00:00.250Z] ${request} 200 - via_upstream - "-" 0 23965 220 219 "192.0.2.83" "ExampleBot/2.1" "0b1c" "www.example.com" "10.0.0.5:8080" inbound|80|| 127.0.0.6:41 10.0.0.5:80 192.0.2.83:0 - default`,
  },
  {
    id: 'haproxy',
    line: `192.0.2.83:25632 [12/Mar/2026:10:00:00.584] web~ app/srv1 0/0/0/220/220 200 23965 - - ---- 5/4/0/1/0 0/0 {www.example.com} {} ${request}`,
    without: ['agent'],
  },
  {
    id: 'squid',
    line: '1773309600.250    220 192.0.2.83 TCP_MISS/200 23965 GET http://www.example.com/wp-login.php?a=1 - HIER_DIRECT/10.0.0.5 text/html',
    without: ['agent', 'protocol'],
  },
  {
    id: 'alb',
    line: 'https 2026-03-12T10:00:00.127531Z app/my-alb/0123456789abcdef 192.0.2.83:25632 10.0.0.5:80 0.001 0.220 0.000 200 200 225 23965 "GET https://www.example.com:443/wp-login.php?a=1 HTTP/1.1" "ExampleBot/2.1" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/tg/0123 "Root=1-5e0b-0" "www.example.com" "-" 0 2026-03-12T10:00:00.126000Z "forward" "-" "-" "10.0.0.5:80" "200" "-" "-"',
  },
  {
    id: 'elb',
    line: '2026-03-12T10:00:00.127531Z my-elb 192.0.2.83:25632 10.0.0.5:80 0.000073 0.220 0.000057 200 200 0 23965 "GET http://www.example.com:80/wp-login.php?a=1 HTTP/1.1" "ExampleBot/2.1" - -',
  },
  {
    id: 's3',
    line: `79a59df900b949e5 my-bucket ${clf} 192.0.2.83 - 3E57427F3EXAMPLE REST.GET.OBJECT wp-login.php ${request} 200 - 23965 23965 220 10 "-" "ExampleBot/2.1" - s9lzHYrFp76ZVxRcpX9 SigV4 ECDHE-RSA-AES128 AuthHeader my-bucket.s3.eu-west-1.amazonaws.com TLSv1.2`,
  },
  {
    id: 'uvicorn',
    line: `INFO:     192.0.2.83:25632 - ${request} 200 OK`,
    without: ['size', 'agent', 'time'],
  },
  {
    id: 'morgan_short',
    line: '192.0.2.83 - GET /wp-login.php?a=1 HTTP/1.1 200 23965 - 220.125 ms',
    without: ['agent', 'time'],
  },
  {
    id: 'cloudfront',
    line: '2026-03-12\t10:00:00\tFRA2\t23965\t192.0.2.83\tGET\td111.cloudfront.example\t/wp-login.php\t200\t-\tExampleBot/2.1\ta=1\t-\tHit\trid\twww.example.com\thttps\t217\t0.220\t-\tTLSv1.3\tTLS_AES_128\tHit\tHTTP/1.1\t-\t-',
  },
  {
    id: 'iis',
    line: '2026-03-12 10:00:00 10.0.0.5 GET /wp-login.php a=1 443 - 192.0.2.83 ExampleBot/2.1 - 200 0 0 220',
    without: ['size', 'protocol'],
  },
  {
    id: 'vhost_combined_between',
    line: `www.example.com 192.0.2.83 - - ${clf} (0 s) ${request} 200 23965 "-" "ExampleBot/2.1"`,
  },
  { id: 'combined_between', line: combined.replace(request, `https ${request}`) },
  {
    id: 'traefik_json',
    line: '{"ClientAddr":"192.0.2.83:25632","ClientHost":"192.0.2.83","ClientUsername":"-","DownstreamContentSize":23965,"DownstreamStatus":200,"Duration":220000000,"RequestHost":"www.example.com","RequestMethod":"GET","RequestPath":"/wp-login.php?a=1","RequestProtocol":"HTTP/1.1","StartUTC":"2026-03-12T10:00:00.250Z","request_User-Agent":"ExampleBot/2.1","level":"info","time":"2026-03-12T10:00:00Z"}',
  },
  {
    id: 'caddy',
    line: '{"level":"info","ts":1773309600.25,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.83","remote_port":"25632","client_ip":"192.0.2.83","proto":"HTTP/1.1","method":"GET","host":"www.example.com","uri":"/wp-login.php?a=1","headers":{"User-Agent":["ExampleBot/2.1"]}},"bytes_read":0,"user_id":"","duration":0.22,"size":23965,"status":200}',
  },
  {
    id: 'google_lb',
    line: '{"httpRequest":{"latency":"0.220s","remoteIp":"192.0.2.83","requestMethod":"GET","requestUrl":"https://www.example.com/wp-login.php?a=1","responseSize":"23965","status":200,"userAgent":"ExampleBot/2.1","protocol":"HTTP/1.1"},"insertId":"x","severity":"INFO","timestamp":"2026-03-12T10:00:00.250Z"}',
  },
  {
    id: 'openliberty_json',
    line: '{"type":"liberty_accesslog","ibm_remoteHost":"192.0.2.83","ibm_requestMethod":"GET","ibm_requestHost":"www.example.com","ibm_uriPath":"/wp-login.php","ibm_queryString":"a=1","ibm_requestProtocol":"HTTP/1.1","ibm_bytesSent":23965,"ibm_responseCode":200,"ibm_elapsedTime":220000,"ibm_userAgent":"ExampleBot/2.1","ibm_datetime":"2026-03-12T10:00:00.250+0000"}',
  },
  {
    id: 'envoy_json',
    line: '{"start_time":"2026-03-12T10:00:00.250Z","method":"GET","path":"/wp-login.php?a=1","protocol":"HTTP/1.1","response_code":200,"bytes_sent":23965,"duration":220,"downstream_remote_address":"192.0.2.83:25632","x_forwarded_for":null,"user_agent":"ExampleBot/2.1","authority":"www.example.com"}',
  },
  {
    id: 'nginx_json',
    line: '{"time_iso8601":"2026-03-12T10:00:00+00:00","remote_addr":"192.0.2.83","remote_user":"","request":"GET /wp-login.php?a=1 HTTP/1.1","status":"200","body_bytes_sent":"23965","request_time":"0.220","http_referrer":"","http_user_agent":"ExampleBot/2.1","host":"www.example.com"}',
  },
  {
    id: 'json',
    line: '{"timestamp":1773309600250,"client_ip":"192.0.2.83","method":"GET","uri":"/wp-login.php?a=1","protocol":"HTTP/1.1","status_code":200,"bytes":23965,"duration_ms":220,"user_agent":"ExampleBot/2.1","host":"www.example.com"}',
  },
]
