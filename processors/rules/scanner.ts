import type { ProbeRule } from './rule.ts'

/**
 * Paths that scanners ask for, by their segments, wherever they stand. `*` is anything within a segment, `#` a version.
 * `except` names segments behind which the path is ordinary.
 */
export const scannerPaths: readonly { readonly title: string; readonly paths: readonly string[] }[] = [
  {
    title: 'Secrets',
    paths: [
      ...['.env', '.env.*', '.env-*', '.env_*', '.env~', '.envrc', '.git*', '.svn', '.hg', '.bzr', '.aws', '.ssh'],
      ...['.kube', '.docker', '.dockercfg', '.ht*', '.ds_store', '.vscode', '.idea', '.npmrc', '.netrc', '.pgpass'],
      ...['.bash_history', '.my.cnf', '.s3cfg', '.boto', '.terraform', '.circleci', '.travis.yml', '.config/gcloud'],
      ...['id_rsa*', 'id_dsa', 'id_ecdsa', 'id_ed25519', 'authorized_keys', 'credentials.json', 'secrets.json'],
      ...['sftp-config.json', 'database.yml', 'parameters.yml', 'docker-compose.yml', 'docker-compose.yaml'],
      ...['web.config', 'web-inf', 'meta-inf', 'config.inc.php', 'configuration.php', 'configuration.php.*'],
      ...['backup.sql*', 'backup.zip', 'backup.tar*', 'backup.tgz', 'backup.rar', 'dump.sql*', 'database.sql*'],
      ...['db.sql*', 'www.zip', 'wwwroot.zip', 'wordpress.zip'],
    ],
  },
  {
    title: 'WordPress',
    paths: [
      ...['wp-login.php', 'xmlrpc.php', 'wlwmanifest.xml', 'wp-admin', 'wp-config', 'wp-config.*', 'wp-config~'],
      'wp-config-sample.php',
    ],
  },
  {
    title: 'Tools for databases',
    paths: [
      ...['phpmyadmin#', 'phpmyadmin#-*-languages', 'php-my-admin#', 'phpmy-admin#', 'pma#', 'myadmin', 'mysqladmin'],
      ...['mysql-admin', 'mysqlmanager', 'dbadmin', 'sqladmin', 'websql', 'adminer', 'adminer*.php', '_all_dbs'],
      '_cat/indices',
    ],
  },
  {
    title: 'PHP',
    paths: [
      ...['phpunit', 'eval-stdin.php', 'phpinfo', 'phpinfo.php', 'php-info.php', 'php_info.php', 'info.php'],
      ...['shell.php', 'cmd.php', 'webshell.php', 'c99.php', 'r57.php', 'wso.php', 'b374k.php', 'alfa.php'],
      ...['admin.php', 'config.php', 'thinkphp', '_ignition', '_profiler', '_debugbar', 'telescope/requests'],
    ],
  },
  {
    title: 'Devices',
    paths: [
      ...['cgi-bin', 'boaform', 'gponform', 'goform', 'hnap1', 'setup.cgi', 'currentsetting.htm', 'portal/redlion'],
      ...['remote/login', 'remote/logincheck', 'remote/fgt_lang', 'dana-na', 'dana-cached', '+cscoe+', '+cscot+'],
      ...['global-protect/login.esp', 'logon/logonpoint', 'vpns/portal', 'tmui/login.jsp', 'mgmt/tm', 'mgmt/shared'],
    ],
  },
  {
    title: 'Servers',
    paths: [
      ...['actuator', 'server-status', 'server-info', 'manager/html', 'manager/text', 'manager/status'],
      ...['host-manager/html', 'solr/admin', 'jmx-console', 'web-console/invoker', 'invoker/jmxinvokerservlet'],
      ...['wls-wsat', 'console/login/loginform.jsp', 'geoserver/web', 'druid/index.html', 'nacos/v1', 'cfide'],
      ...['cf_scripts', 'struts2-showcase', 'api/jsonws/invoke', 'containers/json', 'v2/_catalog', 'owa/auth'],
      ...['autodiscover.json', 'trace.axd', 'elmah.axd', 'nmaplowercheck*', 'trinity.txt.bak'],
    ],
  },
]

/** Below these a path is ordinary: what browsers, monitors and a real WordPress ask for. */
const ordinaryBelow: Readonly<Record<string, readonly string[]>> = {
  'wp-admin': ['admin-ajax.php', 'admin-post.php', 'css', 'js', 'images'],
  actuator: ['health', 'info', 'prometheus'],
}

export const scanner: ProbeRule = {
  id: 'scanner',
  kind: 'security alert',
  title: 'scanner path',
  means: 'Somebody asks for files and tools that only scanners ask for, and this server does not have them.',
  looksAt:
    'The segments of the path, in any letter case, below any folder, in an absolute target and behind escapes too.',
  when: 'The server did not serve it: 4xx or 5xx.',
  examples: ['GET /blog/wp-login.php 404', 'GET //api/.env 404', 'GET /%2eGIT/config 403', 'GET /wp-content/x.php 404'],
  ordinary: [
    'GET /wp-login.php 200',
    'GET /wp-content/uploads/shoe.jpg 404',
    'POST /wp-admin/admin-ajax.php 400',
    'GET /actuator/health 503',
    'GET /.well-known/security.txt 404',
  ],
}

const patternOf = (path: string): string => {
  const text = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('#', '[\\d._-]*')
  const except = ordinaryBelow[path]
  return except === undefined ? text : `${text}(?!/(?:${except.join('|')})(?:[/;]|$))`
}

const asked = new RegExp(
  `/(?:${scannerPaths
    .flatMap(({ paths }) => paths)
    .map(patternOf)
    .join('|')})(?=[/;]|$)`,
)
const inWordPress = /\/wp-(?:content|includes)\//

/** True for a path that only scanners ask for; without escapes, in small letters, one slash between segments. */
export const isScannerPath = (path: string): boolean => {
  if (path.startsWith('/.well-known/')) return false
  if (asked.test(path) || path === '/wordpress') return true
  // a browser asks for styles, scripts and pictures there, and never for a program
  return path.endsWith('.php') && inWordPress.test(path)
}
