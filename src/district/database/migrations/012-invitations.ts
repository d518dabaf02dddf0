import type { Migration } from 'kysely/migration';

/** When an account was last begun by its invitation, for the rule of two persons; accounts of before have none. */
export const invitations: Migration = {
  up: async ({ schema }) => {
    await schema.alterTable('account').addColumn('invited_at', 'bigint').execute();
  },
};
