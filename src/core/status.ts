/** The words of the tables: Client Error is every 4xx, Server Error every 5xx, Informational every 1xx. */
export type StatusCategory = 'OK' | 'Redirect' | 'Client Error' | 'Server Error' | 'Informational'

/** The words of alert_level: WARNING is every 4xx, ERROR every 5xx. */
export const alertLevel = (status: number): 'INFO' | 'WARNING' | 'ERROR' =>
  status >= 500 ? 'ERROR' : status >= 400 ? 'WARNING' : 'INFO'

const categories: Readonly<Record<number, StatusCategory>> = {
  2: 'OK',
  3: 'Redirect',
  4: 'Client Error',
  5: 'Server Error',
}

export const statusCategory = (status: number): StatusCategory =>
  categories[Math.floor(status / 100)] ?? 'Informational'

const phrases: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  418: "I'm a Teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  444: 'No Response',
  451: 'Unavailable For Legal Reasons',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}

/** `404 Not Found`; a status without a name stays a number. */
export const statusWords = (status: number): string => {
  const phrase = phrases[status]
  return phrase === undefined ? String(status) : `${status} ${phrase}`
}

/** A request and its answer in words: `GET /login 200 OK`. */
export const requestInWords = (request: string, status: number): string => `${request} ${statusWords(status)}`
