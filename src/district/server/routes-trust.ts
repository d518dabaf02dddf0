import { z } from 'zod';
import {
  bundleFile,
  communityId,
  communityRules,
  districtWarnings,
  gateId,
  issuerStates,
  rulesOfCommunity,
} from '../../wire/index.ts';
import { setRules, storedRules } from '../publishing/community-rules.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, deskRoute, json, jsonBody, refused } from './route.ts';

/** Keys, rules, bundles for gates without a network, and what ends soon. Changes of keys go by two persons. */

const ofCommunity = z.object({
  community: z.coerce.number('is the number of a community').pipe(communityId),
});

const warnings = deskRoute({
  method: 'get',
  path: '/api/warnings',
  may: ['operator', 'auditor', 'administrator'],
  summary: 'What ends soon, and what stands as it should not stay.',
  responses: { 200: json(districtWarnings, 'The next to end first.') },
});

const issuers = deskRoute({
  method: 'get',
  path: '/api/issuers',
  may: ['registrar', 'operator', 'auditor', 'administrator'],
  summary: 'The issuers and their keys.',
  responses: { 200: json(issuerStates, 'Oldest key first.') },
});

const rules = deskRoute({
  method: 'get',
  path: '/api/communities/{community}/rules',
  may: ['operator', 'auditor', 'administrator'],
  summary: 'What the signed policy says of a community’s gates.',
  request: { params: ofCommunity },
  responses: { 200: json(rulesOfCommunity, 'The rules in force.') },
});

const putRules = deskRoute({
  method: 'put',
  path: '/api/communities/{community}/rules',
  may: ['administrator'],
  summary: 'Set the rules of a community’s gates as a whole; what is left out is the default.',
  request: { params: ofCommunity, body: jsonBody(communityRules) },
  responses: { 200: json(rulesOfCommunity, 'Published.') },
});

const bundle = deskRoute({
  method: 'get',
  path: '/api/gates/{gate}/bundle',
  may: ['operator', 'administrator'],
  summary: 'All current documents as one file, with the roster sealed for this gate.',
  request: { params: z.object({ gate: gateId }) },
  responses: { 200: json(bundleFile, 'For `menwei trust import`.') },
});

export function addTrustRoutes(app: DeskApp, parts: ServerParts): void {
  const { publisher, registry, keyDesk, database, clock, communities, warnings: list } = parts;
  app.openapi(warnings, async (context) => context.json({ warnings: await list.list() }, 200));
  app.openapi(issuers, (context) =>
    context.json({ issuers: [...keyDesk.issuerNames], keys: keyDesk.states() }, 200),
  );
  app.openapi(rules, async (context) => {
    const { community } = context.req.valid('param');
    const known = communities.find(({ id }) => id === community);
    if (known === undefined) return refused(context, 'no-such-community');
    const found = (await storedRules(database, community)) ?? communityRules.parse(known.rules ?? {});
    return context.json({ community, rules: found }, 200);
  });
  app.openapi(putRules, async (context) => {
    const { community } = context.req.valid('param');
    if (!communities.some(({ id }) => id === community)) return refused(context, 'no-such-community');
    const wanted = context.req.valid('json');
    await setRules({ database, clock }, community, wanted);
    await publisher.registryChanged({ what: 'rules', communities: [community] });
    return context.json({ community, rules: wanted }, 200);
  });
  app.openapi(bundle, async (context) => {
    const gate = await registry.gate(context.req.valid('param').gate);
    if (gate === undefined) return refused(context, 'no-such-gate');
    return context.json(await publisher.bundle(gate), 200);
  });
}
