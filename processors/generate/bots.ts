import type { Client } from './clients.ts'
import { between, oneOf, type Random } from './random.ts'
import { outageReply, replyBytes } from './replies.ts'
import type { Visit } from './visit.ts'

const wordlist = [
  '/.env',
  '/.git/config',
  '/wp-login.php',
  '/wp-admin/setup-config.php',
  '/phpmyadmin/index.php',
  '/xmlrpc.php',
  '/cgi-bin/../../../../etc/passwd',
  '/static/..%2f..%2f..%2fetc%2fpasswd',
  "/products?id=1'%20OR%20'1'='1",
  '/search?q=%27%20UNION%20SELECT%20password%20FROM%20users--',
  '/search?q=%3Cscript%3Ealert(1)%3C/script%3E',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/actuator/env',
  '/.aws/credentials',
] as const

const scripted = (
  client: Client,
  random: Random,
  count: number,
  gap: readonly [number, number],
  make: (index: number) => { method: string; target: string; status: number; bytes: number },
): Visit => {
  let index = 0
  return (at, down) => {
    const { method, target, status: usual, bytes } = make(index)
    index += 1
    const status = (down ? outageReply(random) : undefined) ?? usual
    const request = {
      ...client,
      user: '-',
      method,
      target,
      protocol: 'HTTP/1.1',
      status,
      bytes: replyBytes(random, status, bytes),
      referer: '-',
    }
    const nextAt = at + (gap[0] + random() * (gap[1] - gap[0])) * 1e6
    return { request, nextAt: index < count ? nextAt : undefined }
  }
}

/** A crawler: robots.txt, the sitemap, then page after page. */
export const crawl = (client: Client, random: Random): Visit => {
  const known = random() < 0.05 ? 404 : 200
  return scripted(client, random, between(random, 4, 14), [1, 8], (index) => {
    if (index === 0) return { method: 'GET', target: '/robots.txt', status: 200, bytes: 310 }
    if (index === 1) return { method: 'GET', target: '/sitemap.xml', status: 200, bytes: 41_000 }
    return { method: 'GET', target: `/products/${between(random, 1, 260)}`, status: known, bytes: 17_600 }
  })
}

/** A monitor that asks whether the site lives. */
export const monitor = (client: Client, random: Random): Visit =>
  scripted({ ...client, agent: 'ELB-HealthChecker/2.0' }, random, between(random, 2, 6), [14, 16], () => ({
    method: random() < 0.5 ? 'HEAD' : 'GET',
    target: '/health',
    status: 200,
    bytes: 2,
  }))

/** Somebody guesses passwords: failed login after failed login from one client, seconds apart. */
export const guessLogins = (client: Client, random: Random): Visit =>
  scripted(client, random, between(random, 14, 36), [1.5, 4.5], () => ({
    method: 'POST',
    target: '/login',
    status: random() < 0.9 ? 401 : 403,
    bytes: 300,
  }))

/** Somebody looks for holes: path traversal, injection and paths that only scanners ask for. */
export const probe = (client: Client, random: Random): Visit =>
  scripted(client, random, between(random, 5, 14), [0.4, 2.5], () => ({
    method: 'GET',
    target: oneOf(random, wordlist),
    status: random() < 0.85 ? 404 : random() < 0.5 ? 400 : 403,
    bytes: 400,
  }))
