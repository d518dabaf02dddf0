import type { Hono } from 'hono';
import { readReceipt } from '../../wire/index.ts';
import type { ConsoleParts } from './parts.ts';

/**
 * The picture of an application, for the page of a reviewer: the image alone, kept by no cache, and written down as a look at
 * somebody's record is.
 */
export function addPictureRoute(
  app: Hono,
  { access, applications }: Pick<ConsoleParts, 'access' | 'applications'>,
): void {
  app.get('/console/reviews/:receipt/picture', async (context) => {
    const principal = access.principal(context);
    if (principal?.roles.has('reviewer') !== true) return context.text('403', 403);
    const receipt = readReceipt(context.req.param('receipt'));
    const decision = receipt === undefined ? undefined : { receipt, by: principal.account };
    const picture = decision === undefined ? undefined : await applications.picture(decision);
    if (picture === undefined) return context.text('404', 404);
    context.header('cache-control', 'no-store');
    return context.body(new Uint8Array(picture.bytes).buffer, 200, { 'content-type': picture.type });
  });
}
