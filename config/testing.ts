/** Every member that the schema names, at any depth. */
export function keysOf(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const properties = (schema as { readonly properties?: object }).properties ?? {};
  const deeper = Object.values(schema).flatMap((part: unknown) => [...keysOf(part)]);
  return new Set([...Object.keys(properties), ...deeper]);
}
