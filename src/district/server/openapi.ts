import type { DeskApp } from './route.ts';

/** The published form of `/api`, OpenAPI 3.1, made from the routes themselves. */
export function openapiDocument(app: DeskApp): object {
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-menwei',
    description: 'POST /api/session signs in.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'portal', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of the residents’ portal, whose SHA-256 is reviews.portalTokenHash.',
  });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Menwei district',
      version: '1',
      description: 'Registry, issuing desk, gates and documents of a district centre.',
    },
  });
}
