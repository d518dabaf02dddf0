import { z } from 'zod';
import { communityId, gateId } from './fields.ts';
import { RELEASE_TEXT_MAX, releaseAddress, releaseNumber } from './release.ts';

/** Staged updates at the district's desk: releases, which gates were ordered to take one, and what may be begun next. */

/** In their order; `community` may come several times, and is left out where there is one community. */
export const UPDATE_STAGES = ['one', 'tenth', 'community', 'all'] as const;
export type UpdateStage = (typeof UPDATE_STAGES)[number];

/** Stages that reach so many doors that two persons begin them. */
export const WIDE_STAGES: ReadonlySet<UpdateStage> = new Set<UpdateStage>(['community', 'all']);

/**
 * `queued`: its order is not out yet. `ordered`: it is. `back`: it runs the release, and is watched. `away`: it ran it and
 * is not heard or not in order. `healthy`: it has been in order for long enough. `failed`: somebody must look.
 */
export const UPDATE_STATES = ['queued', 'ordered', 'back', 'away', 'healthy', 'failed'] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

/** POST /api/updates */
export const newReleaseBody = z.strictObject({
  /** The signed text, as `menwei release sign` wrote it. */
  release: z.string().min(1).max(RELEASE_TEXT_MAX),
  address: releaseAddress,
});

/** POST /api/updates/:release/stages */
export const newStageBody = z.strictObject({
  stage: z.enum(UPDATE_STAGES),
  /** `one`: which. */
  gate: gateId.optional(),
  /** `community`: which. */
  community: communityId.optional(),
});

/** What the second person approves for a wide stage. */
export const wideStageBody = z.strictObject({
  release: releaseNumber,
  stage: z.enum(['community', 'all']),
  community: communityId.optional(),
});

const gateUpdate = z.object({
  gate: gateId,
  stage: z.enum(UPDATE_STAGES),
  state: z.enum(UPDATE_STATES),
  /** Unix milliseconds since it is in this state. */
  since: z.number(),
  why: z.string().optional(),
  /** Who has looked at the failure: it stops nothing any more. */
  lookedBy: z.string().optional(),
});

const stageOffer = z.object({
  stage: z.enum(UPDATE_STAGES),
  /** Gates that it would order at most. */
  gates: z.int(),
  community: communityId.optional(),
});

export const releaseView = z.object({
  release: releaseNumber,
  version: z.string(),
  architectures: z.array(z.string()),
  address: z.string(),
  /** Unix milliseconds */
  expiresAt: z.number(),
  registeredAt: z.number(),
  registeredBy: z.string(),
  /** Who has ended it before all gates had it. */
  stoppedBy: z.string().optional(),
  gates: z.array(gateUpdate),
  /** Why no stage may be begun now; absent: `offers` may be. */
  waitsFor: z.enum(['newer', 'stopped', 'expired', 'failed', 'running', 'nothing-left']).optional(),
  offers: z.array(stageOffer),
});

/** GET /api/updates: what each gate runs, and the releases, the newest first. */
export const updatesView = z.object({
  gates: z.array(
    z.object({
      gate: gateId,
      community: communityId,
      software: z.string().optional(),
      /** The release that it runs, 0 for none; absent: it takes no orders to update. */
      release: z.int().optional(),
      isOnline: z.boolean(),
    }),
  ),
  releases: z.array(releaseView),
});

export type NewRelease = z.infer<typeof newReleaseBody>;
export type NewStage = z.infer<typeof newStageBody>;
export type WideStage = z.infer<typeof wideStageBody>;
export type GateUpdate = z.infer<typeof gateUpdate>;
export type StageOffer = z.infer<typeof stageOffer>;
export type ReleaseView = z.infer<typeof releaseView>;
export type UpdatesView = z.infer<typeof updatesView>;
