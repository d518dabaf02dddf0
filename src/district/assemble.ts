import { join } from 'node:path';
import { toHex } from '../base/index.ts';
import type { Listening } from '../http/index.ts';
import type { LinkSettings } from '../link/index.ts';
import type { Random } from '../ports/index.ts';
import type { Desk } from './accounts/desk.ts';
import { backupWarnings } from './accounts/last-backup.ts';
import type { BrokerSide } from './broker-side.ts';
import { Centre } from './centre/centre.ts';
import { Lead, type LeadOptions } from './centre/lead.ts';
import { KeptLists } from './console/kit/kept-lists.ts';
import type { Database } from './database/database.ts';
import { isPostgres } from './database/transaction.ts';
import { isBatchOf } from './gates/batch-of.ts';
import { registerOrders } from './gates/dangerous-orders.ts';
import { Updates } from './gates/updates.ts';
import { registerUpdates } from './gates/wide-updates.ts';
import { type EnrolmentOptions, Enrolments } from './gates/enrolment.ts';
import { GateLife } from './gates/life.ts';
import { Orders } from './gates/orders.ts';
import { insertAlarms } from './ingest/alarms.ts';
import { HealthBook } from './ingest/gate-health.ts';
import { createIngest } from './ingest/ingest.ts';
import { Keeping } from './ingest/keeping.ts';
import { Issuing } from './issuing/issuing.ts';
import type { Keys } from './keys/open-keys.ts';
import type { DistrictOptions } from './options.ts';
import { certificateExpiries } from './publishing/certificate-expiries.ts';
import { registerKeys } from './publishing/dangerous-keys.ts';
import { KeyDesk } from './publishing/key-desk.ts';
import { ListUptake } from './publishing/list-uptake.ts';
import { Publisher } from './publishing/publisher.ts';
import { Releases } from './publishing/releases.ts';
import { Warnings } from './publishing/warnings.ts';
import { GuardPhotos } from './photos/guard-photos.ts';
import { PhotoAnswers } from './photos/photo-answers.ts';
import { registerExport } from './registry/export.ts';
import { Imports } from './registry/import/imports.ts';
import type { Persons } from './registry/persons.ts';
import type { Registry } from './registry/registry.ts';
import { Applications } from './reviews/applications.ts';
import { Feed } from './server/feed.ts';
import { ApplicationLimits } from './server/application-limits.ts';
import { IssuingLimits } from './server/issuing-limits.ts';
import { photoRules } from '../wire/index.ts';

/**
 * The district's parts put together: each is told what it needs, and nothing is global. Parts that need each other name
 * each other by a function, so that no order of making them matters.
 */
export interface Running {
  readonly database: Database;
  readonly desk: Desk;
  readonly registry: Registry;
  readonly persons: Persons;
  readonly imports: Imports;
  readonly lists: KeptLists;
  readonly publisher: Publisher;
  readonly keyDesk: KeyDesk;
  readonly warnings: Warnings;
  readonly centre: Centre;
  readonly lead: Lead;
  readonly keeping: Keeping;
  readonly health: HealthBook;
  readonly uptake: ListUptake;
  readonly orders: Orders;
  readonly releases: Releases;
  readonly updates: Updates;
  readonly applications: Applications;
  readonly photos: GuardPhotos;
  readonly applicationLimits: ApplicationLimits;
  readonly issuing: Issuing;
  readonly issuingLimits: IssuingLimits;
  readonly enrolments: Enrolments;
  readonly life: GateLife;
  readonly feed: Feed;
  readonly broker: BrokerSide;
}

export interface Foundations extends Keys {
  readonly database: Database;
  readonly desk: Desk;
  readonly registry: Registry;
  readonly persons: Persons;
  readonly settings: Omit<LinkSettings, 'clientId'>;
  readonly addresses: EnrolmentOptions['addresses'];
  readonly broker: BrokerSide;
  readonly group: string;
}

export function assemble(options: DistrictOptions, foundations: Foundations): Running {
  const { crypto } = options;
  const { broker, database } = foundations;
  const { certificates } = broker;
  const feed = new Feed();
  const parts = { ...options, ...foundations, feed };
  const orders = new Orders({ ...parts, send: (gate, token) => centre.sendCommand(gate, token) });
  registerOrders(foundations.desk.approvals, orders);
  const lead = leadOf(parts, async () => {
    await publisher.refresh();
    await centre.lead();
  });
  const health = new HealthBook({ ...parts, leads: () => lead.leads });
  const uptake = new ListUptake(parts);
  const shared = 'url' in options.broker ? options.broker.shared : undefined;
  const centre: Centre = new Centre({
    ...parts,
    health,
    uptake,
    leads: () => lead.leads,
    ...(shared === undefined ? {} : { shared }),
    ingest: createIngest({ ...parts, verifySignature: crypto.verifySignature }),
    publisher: () => publisher,
    certificateFor: (gate, request) => certificates.answer(gate, request),
    photoFor: (gate, request) => photoAnswers.answer(gate, request),
    life: () => life,
    askAgain: (gate, from) => orders.give(gate, { verb: 'resend-from', from, reason: 'rows are missing' }),
  });
  const { photos, photoAnswers } = photosOf(options, foundations);
  const publisher = new Publisher({
    ...parts,
    publish: (channel, payload) => centre.publishTrust(channel, payload),
    publishRoster: (gate, payload) => centre.publishRoster(gate, payload),
    onListChanged: (change) => uptake.changed(change),
  });
  const life: GateLife = lifeOf(options, { ...foundations, feed, centre, publisher });
  const keyDesk = new KeyDesk({ ...parts, publisher });
  registerKeys(foundations.desk.approvals, keyDesk);
  foundations.desk.accounts.whenChanged(async () => {
    if (lead.leads) await keyDesk.operatorsChanged();
  });
  registerExport(foundations.desk.approvals, { database, vault: foundations.persons.vault });
  const warnings = warningsOf(options, { ...parts, publisher, uptake });
  return {
    ...foundations,
    publisher,
    keyDesk,
    warnings,
    centre,
    lead,
    keeping: new Keeping({ ...parts, ...crypto, leads: () => lead.leads }),
    health,
    uptake,
    orders,
    ...updatesOf(options, { ...parts, orders, life }),
    enrolments: enrolmentsOf(options, { ...foundations, life }),
    life,
    feed,
    imports: new Imports({ ...parts, publisher }),
    lists: new KeptLists(parts),
    applications: applicationsOf(options, { ...foundations, publisher, photos }),
    photos,
    issuing: new Issuing(parts),
    ...limitsOf(options),
  };
}

function limitsOf({ clock }: DistrictOptions): Pick<Running, 'issuingLimits' | 'applicationLimits'> {
  return { issuingLimits: new IssuingLimits(clock), applicationLimits: new ApplicationLimits(clock) };
}

function enrolmentsOf(options: DistrictOptions, parts: Foundations & Pick<Running, 'life'>): Enrolments {
  const { broker } = parts;
  const { certificates } = broker;
  const { verifySignature } = options.crypto;
  const admissionChanged = () => broker.refresh();
  return new Enrolments({ ...options, ...parts, certificates, verifySignature, admissionChanged });
}

function photosOf(
  options: DistrictOptions,
  parts: Foundations,
): Pick<Running, 'photos'> & { readonly photoAnswers: PhotoAnswers } {
  const photos = new GuardPhotos({ ...options, ...parts, vault: parts.persons.vault });
  const signer = () => parts.keys.signers.ack;
  return { photos, photoAnswers: new PhotoAnswers({ ...options, ...parts, ...parts.desk, photos, signer }) };
}

function applicationsOf(
  { reviews = {}, ...options }: DistrictOptions,
  parts: Foundations & Pick<Running, 'publisher' | 'photos'>,
): Applications {
  const { timeZone } = options;
  return new Applications({
    ...options,
    ...parts,
    ...parts.desk,
    ...reviews,
    vault: parts.persons.vault,
    calendar: { timeZone, ...reviews },
    photoRules: reviews.photo ?? photoRules.parse({}),
  });
}

function updatesOf(
  options: DistrictOptions,
  parts: Foundations & Pick<Running, 'orders' | 'life'>,
): Pick<Running, 'releases' | 'updates'> {
  const { verifySignature } = options.crypto;
  const releases = new Releases({ ...options, ...parts, verifySignature });
  const updates = new Updates({ ...options, ...parts, releases, states: () => parts.life.states() });
  registerUpdates(parts.desk.approvals, updates);
  return { releases, updates };
}

function warningsOf(
  options: DistrictOptions,
  parts: Foundations & Pick<Running, 'publisher' | 'uptake'>,
): Warnings {
  return new Warnings({
    ...options,
    ...parts,
    others: () => expiriesOf(options, parts.broker),
    more: async () => [
      ...parts.uptake.warnings(),
      ...(await backupWarnings(parts.database, options.clock.wall())),
    ],
  });
}

/** What ends with a gate reaches into broker, keys, documents and screens. */
function lifeOf(
  options: DistrictOptions,
  parts: Foundations & Pick<Running, 'feed' | 'centre' | 'publisher'>,
): GateLife {
  const { crypto, clock, district } = options;
  const { broker, database, feed, centre, publisher, keys } = parts;
  return new GateLife({
    ...options,
    ...parts,
    certificates: broker.certificates,
    throwOut: (gate) => broker.throwOut(gate),
    clearRoster: (gate) => centre.publishRoster(gate, ''),
    rotateRosterKeys: async (community) => {
      await keys.rotateLookupKey();
      await keys.shortCodes.rotate(community);
    },
    registryChanged: (change) => publisher.registryChanged(change),
    isSignedBy: (payload, by) => isBatchOf(payload, { ...by, district }, crypto.verifySignature),
    alarm: async (gate, data) => {
      await insertAlarms(database, { gate, alarms: [data], now: clock.wall() });
      feed.tell({ type: 'alarm', gate, data });
    },
  });
}

/** Certificates that this process serves, or signs under. */
async function expiriesOf({ http, broker }: DistrictOptions, { certificates }: BrokerSide) {
  const served = 'url' in broker ? undefined : broker.certificate?.certificate;
  const authorities = (await certificates.authorities()).join('\n');
  return [
    ...certificateExpiries('http.tls', http.certificate?.certificate),
    ...certificateExpiries('broker.tls', served),
    ...certificateExpiries('authority', authorities),
  ];
}

function leadOf(
  options: Omit<LeadOptions, 'worker' | 'onWon' | 'lockFile'> & { random: Random; dataDir: string },
  onWon: () => Promise<void>,
) {
  const worker = toHex(options.random.bytes(8));
  const lock = isPostgres(options.database) ? {} : { lockFile: join(options.dataDir, 'lead.lock') };
  return new Lead({ ...options, ...lock, worker, onWon });
}

export async function stopAll(
  { feed, centre, database, broker, publisher, lead, keeping, lists, health, uptake }: Running,
  api: Listening | undefined,
): Promise<void> {
  feed.close();
  lists.clear();
  await api?.stop();
  await centre.stop();
  await publisher.stop();
  await keeping.stop();
  await health.write();
  await uptake.settled();
  await lead.stop();
  await broker.close();
  await database.destroy();
}
