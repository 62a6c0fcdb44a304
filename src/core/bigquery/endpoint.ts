/** Where BigQuery answers when the config names no other address. */
export const googleApi = 'https://bigquery.googleapis.com'

/** True for addresses of Google itself, private ones of its own names included. */
export const isGoogle = (endpoint: string): boolean =>
  URL.canParse(endpoint) && /(?:^|\.)googleapis\.com$/i.test(new URL(endpoint).hostname)
