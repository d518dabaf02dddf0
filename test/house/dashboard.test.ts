import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Names as they are given to Prometheus, in the two files that make metrics. */
function metricsOf(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../src', file), 'utf8');
  return [...text.matchAll(/'(menwei_[a-z_]+)'/g)].map(([, name = '']) => name);
}

test('every metric that the dashboard names is there', () => {
  const dashboard = readFileSync(join(import.meta.dirname, '../../docs/grafana/menwei.json'), 'utf8');
  const { panels } = JSON.parse(dashboard) as { panels: { targets: { expr: string }[] }[] };
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join(' ');
  const known = [...metricsOf('district/server/metrics.ts'), ...metricsOf('gate/metrics.ts')];
  const named = [...expressions.matchAll(/menwei_\w+/g)].map(([name]) => name.replace(/_bucket$/, ''));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
