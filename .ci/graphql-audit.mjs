// Runs the GraphQL-over-HTTP audit suite of the package graphql-http against a running server.
//   node .ci/graphql-audit.mjs http://127.0.0.1:5080/graphql
// Installs the pinned packages into a temporary directory, prints one line per failed audit and the counts, and exits
// with 1 when any MUST or SHOULD fails, or when nothing was audited.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = { 'graphql-http': '1.23.1', graphql: '16.15.0' };

const url = process.argv[2];
if (!url) {
  console.error('usage: node .ci/graphql-audit.mjs URL');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'graphql-audit-'));
try {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const { serverAudits } = createRequire(join(folder, 'package.json'))('graphql-http');

  const counts = {};
  let failed = 0;
  for (const audit of serverAudits({ url, fetchFn: fetch })) {
    const level = audit.name.split(' ')[0];
    const result = await audit.fn();
    const count = (counts[level] ??= { passed: 0, failed: 0 });
    if (result.status === 'ok') {
      count.passed++;
      continue;
    }
    count.failed++;
    if (level !== 'MAY') failed++;
    console.error(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  for (const [level, count] of Object.entries(counts)) console.log(`${level}: ${count.passed} passed, ${count.failed} failed`);
  process.exitCode = failed > 0 || !counts.MUST || !counts.SHOULD ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
