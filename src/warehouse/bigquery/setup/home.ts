/** The project that a service account belongs to, undefined where its address does not tell. APIs beside BigQuery must be on there, whatever project they are asked about. */
export const homeOf = (email = ''): string | undefined =>
  /@([a-z][a-z0-9-]*)\.iam\.gserviceaccount\.com$/.exec(email)?.[1]
