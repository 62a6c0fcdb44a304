import type { Provider } from '../../core/node.ts'

type Labels = Readonly<Record<string, string>>

const providerKeys = ['cloudprovider', 'cloud', 'provider', 'csp', 'service']
const regionKeys = ['region', 'cloudregion', 'location']
const zoneKeys = ['zone', 'availabilityzone']

/** Cloud and region of a node by its labels, however their keys are written; by its name or region's grammar where no label says so. */
export const placeOf = (nodeId: string, given: Labels): { readonly provider: Provider; readonly region: string } => {
  const labels = Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value.trim() === '' ? [] : [[normal(key), value.trim()]])),
  )
  const region = regionOf(labels)
  const named = providerKeys.map((key) => labels[key]).find((value) => value !== undefined)
  const provider =
    (named === undefined ? undefined : knownProvider(named)) ??
    byKey(Object.keys(labels)) ??
    byName(nodeId) ??
    byRegion(region) ??
    'other'
  return { provider, region: region === '' ? 'unknown' : region }
}

/** `Cloud-Provider`, `cloud.provider`, `cloudProvider`, `CLOUD_PROVIDER`: one key. */
const normal = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

const regionOf = (labels: Labels): string => {
  const ending = (word: string): string | undefined =>
    Object.keys(labels)
      .sort()
      .find((key) => key.endsWith(word))
  const region = [...regionKeys, ending('region')].map((key) => labels[key ?? '']).find((value) => value !== undefined)
  if (region !== undefined) return region.toLowerCase()
  const zone = [...zoneKeys, ending('zone')].map((key) => labels[key ?? '']).find((value) => value !== undefined)
  // Azure numbers its zones: such a one says nothing about the region
  if (zone === undefined || /^\d*$/.test(zone)) return ''
  return zone.toLowerCase().replace(/(-[a-z]|(?<=\d)[a-z])$/, '')
}

const knownProvider = (value: string): Provider | undefined => {
  const text = value.toLowerCase()
  if (/aws|amazon|ec2/.test(text)) return 'aws'
  if (/gcp|gce|google/.test(text)) return 'gcp'
  if (/azure|microsoft/.test(text)) return 'azure'
  return undefined
}

const byKey = (keys: readonly string[]): Provider | undefined => {
  if (keys.some((key) => key.startsWith('gcp'))) return 'gcp'
  if (keys.some((key) => key.startsWith('ec2') || key.startsWith('aws'))) return 'aws'
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
    /^(?=[a-z]+\d?$)[a-z]+(us|europe|asia|india|uk|japan|brazil|australia|canada|korea)|^(uk|us|japan|korea|brazil|australia|canada|france|germany|norway|switzerland)[a-z]+\d?$|^[a-z]+us\d?$/.test(
      region,
    )
  )
    return 'azure'
  return undefined
}
