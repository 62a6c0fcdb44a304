const loginPath = /(?:^|\/)(?:login|log-in|logon|signin|sign-in|auth|authenticate|sessions?)(?:\.\w{2,4})?\/?$/i

/** True for a path on which people log in. */
export const isLoginPath = (path: string): boolean => loginPath.test(path)

const healthPath =
  /(?:^|\/)(?:actuator\/health(?:\/[\w-]{1,64}){0,2}|_?healthz?|health-?checks?|livez?|liveness|readyz?|readiness|heartbeat|ping|status)\/?$/i

/** True for a path on which monitors ask whether the site lives. */
export const isHealthPath = (path: string): boolean => healthPath.test(path)

const healthAgent =
  /^(?:kube-probe|ELB-HealthChecker|GoogleHC|GoogleStackdriverMonitoring|Amazon-Route53-Health-Check|Amazon Route 53 Health Check|Consul Health Check|HealthCheck|AlwaysOn|Pingdom\.com_bot|UptimeRobot|Better Uptime Bot|Envoy\/HC|haproxy\b)/i

/** True for an agent that only asks whether the site lives. */
export const isHealthAgent = (agent: string): boolean => healthAgent.test(agent)

/** True for an answer that may be a failed login; `login` tells a POST of a login path. A server that fails says nothing about the password. */
export const isRefused = (status: number, login: boolean): boolean =>
  status === 401 || status === 403 || (login && status >= 400 && status < 500)

/** True for an answer that only a client gets that was let in. */
export const isServed = (status: number): boolean => status >= 200 && status < 400
