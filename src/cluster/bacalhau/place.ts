import type { Provider } from '../../core/node.ts'

type Labels = Readonly<Record<string, string>>

const providerKeys = ['cloud_provider', 'cloud', 'provider', 'csp', 'service']
const regionKeys = ['region', 'location', 'zone']

/** Cloud and region of a node by its labels, however their keys are written; by its name or region's grammar where no label says so. */
export const placeOf = (nodeId: string, given: Labels): { readonly provider: Provider; readonly region: string } => {
  const labels = Object.fromEntries(Object.entries(given).map(([key, value]) => [normal(key), value]))
  const region = regionOf(labels)
  const named = providerKeys.map((key) => labels[key]).find((value) => value !== undefined && value !== '')
  const provider =
    (named === undefined ? undefined : knownProvider(named)) ??
    byKey(Object.keys(labels)) ??
    byName(nodeId) ??
    byRegion(region) ??
    'other'
  return { provider, region: region === '' ? 'unknown' : region }
}

const normal = (key: string): string => key.toLowerCase().replaceAll(/[-.]/g, '_')

const regionOf = (labels: Labels): string => {
  for (const key of [...regionKeys, 'gcp_zone']) {
    const value = labels[key]
    if (value === undefined || value === '') continue
    return key.endsWith('zone') ? value.replace(/(-[a-z]|(?<=\d)[a-z])$/, '') : value
  }
  return ''
}

const knownProvider = (value: string): Provider | undefined => {
  const text = value.toLowerCase()
  if (/aws|amazon|ec2/.test(text)) return 'aws'
  if (/gcp|gce|google/.test(text)) return 'gcp'
  if (/azure|microsoft/.test(text)) return 'azure'
  return undefined
}

const byKey = (keys: readonly string[]): Provider | undefined => {
  if (keys.some((key) => key.startsWith('gcp_'))) return 'gcp'
  if (keys.some((key) => key.startsWith('ec2_') || key.startsWith('aws_'))) return 'aws'
  if (keys.some((key) => key.startsWith('azure'))) return 'azure'
  return undefined
}

const byName = (nodeId: string): Provider | undefined => {
  if (/^i-[0-9a-f]{8,17}$/.test(nodeId)) return 'aws'
  if (/^\d{15,20}$/.test(nodeId)) return 'gcp'
  return /^(aws|gcp|azure)[-_.]/i.test(nodeId) ? knownProvider(nodeId) : undefined
}

const byRegion = (region: string): Provider | undefined => {
  if (/^[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d$/.test(region)) return 'aws'
  if (/^[a-z]+-[a-z]+\d+$/.test(region)) return 'gcp'
  if (
    /^[a-z]+(us|europe|asia|india|uk|japan|brazil|australia|canada|korea)[a-z]*\d?$|^(uk|us|japan|korea|brazil|australia|canada|france|germany|norway|switzerland)[a-z]+\d?$|^[a-z]+us\d?$/.test(
      region,
    )
  )
    return 'azure'
  return undefined
}
