export type EmergencyKind = 'critical error' | 'security alert' | 'system failure'

/** One rule as people read it; docs/rules.md is made of these. */
export interface Rule {
  /** Part of every event_id that the rule raises. */
  readonly id: string
  readonly kind: EmergencyKind
  readonly title: string
  /** What an emergency of this rule means. */
  readonly means: string
  readonly looksAt: string
  readonly when: string
  readonly examples: readonly string[]
  /** What looks like it and is ordinary. */
  readonly ordinary: readonly string[]
}

/** A rule about the text of one request; its alert is one a client and window. */
export interface ProbeRule extends Rule {
  readonly kind: 'security alert'
}

/** An attack that its text alone tells. */
export interface AttackRule extends ProbeRule {
  /** Tested on texts without escapes, `+` and comments of SQL as blanks. Each takes time linear in the text. */
  readonly patterns: readonly RegExp[]
}
