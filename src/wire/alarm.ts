/** What a gate raises the alarm for: the closed list of `gates/<gate>/alarms`. */
export const ALARMS = [
  'forced',
  'held-open',
  'relay-fault',
  'fire',
  'tamper',
  'duress',
  'reader-lost',
  'reader-setup',
  'refusals',
  'command-rejected',
  'storage',
  'clock',
  'expiry',
  'ack-mismatch',
  /** One guard looked up more people than an hour's work asks for. */
  'look-ups',
  /** A reader brings more refusals than are written one by one. */
  'flood',
  /** Somebody speaks in the name of a gate that was retired, stolen or replaced. */
  'gate-ended',
  /** PINs or short codes are being guessed, or a foreign page speaks to the guard's desk. */
  'desk-abuse',
  /** One guard holds a door open for an ambulance, the fire brigade or the police. */
  'emergency',
] as const;

export type Alarm = (typeof ALARMS)[number];
