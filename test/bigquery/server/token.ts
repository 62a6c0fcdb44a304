import { tooLong } from './accounts.ts'
import { type Answer, type Handler, ok } from './world.ts'

const refusal = (why: string, error = 'invalid_grant'): Answer => ({
  status: 400,
  body: { error, error_description: why },
})

/** The audience that the library writes, whatever the key file says. */
const googleAudience = 'https://oauth2.googleapis.com/token'

/** POST /token: a signed assertion for an access token. */
export const giveToken =
  (tokenUrl: () => string): Handler =>
  ({ world, body, fault }) => {
    if (fault === 'invalid_grant') return refusal('Invalid JWT Signature.')
    if (fault === 'clock wrong') return refusal(tooLong)
    const form = new URLSearchParams(typeof body === 'string' ? body : '')
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return refusal('Invalid grant_type', 'unsupported_grant_type')
    const read = world.accounts.readAssertion(form.get('assertion') ?? '', [googleAudience, tokenUrl()])
    if ('why' in read) return refusal(read.why)
    const { token, seconds } = world.accounts.issue(read.email)
    return ok({ access_token: token, expires_in: seconds, token_type: 'Bearer' })
  }
