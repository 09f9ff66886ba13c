// What somebody would write instead: Fastify and pg, one transaction for each submission, the same rows and the raw
// bytes. Usage: node server.js SOCKET_FOLDER DATABASE USER; prints the port when it is ready.
'use strict';
const crypto = require('node:crypto');
const fastify = require('fastify')({ bodyLimit: 8 << 20, logger: false });
const { Pool } = require('pg');

const [host, database, user] = process.argv.slice(2);
const pool = new Pool({ host, database, user, max: 10 });
const zero = '00000000-0000-0000-0000-000000000000';

fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body));

function uuid(hash) {
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
function keyOf(text) {
  return uuid(crypto.createHash('sha256').update(text).digest());
}
function placeholders(rows, columns) {
  const list = [];
  for (let r = 0; r < rows; r++) {
    const row = [];
    for (let c = 1; c <= columns; c++) row.push(`$${r * columns + c}`);
    list.push(`(${row.join(',')})`);
  }
  return list.join(',');
}

async function store(client, id, hash, raw, bundle) {
  const now = new Date();
  const stored = await client.query({
    name: 'submission',
    text: `insert into submission (submission_id, content_hash, received_at, origin, contributor_key, format,
             reader_version, state, revision, flags, raw_size, raw)
           values ($1, $2, $3, 'http', $4, $5, $6, 'accepted', 1, '{}', $7, $8)
           on conflict (submission_id) do nothing`,
    values: [id, hash, now, zero, bundle.format.name, bundle.format.reader, raw.length, raw],
  });
  if (stored.rowCount === 0) return false;
  const runs = [];
  const measurements = [];
  const device = JSON.stringify(bundle.device);
  const deviceKey = keyOf(device);
  bundle.runs.forEach((run, runNo) => {
    const workload = JSON.stringify(run.workload);
    const workloadKey = keyOf(workload);
    const chip = run.chip ? run.chip.name : bundle.device.chip;
    runs.push(id, runNo, deviceKey, chip, run.chip ? run.chip.count : 1, workloadKey, run.variant || 'alone',
      run.ran_at || null, false, bundle.tool.name, bundle.tool.version, workload, device,
      run.setup ? JSON.stringify(run.setup) : null, null, null, []);
    for (const m of run.metrics) {
      measurements.push(id, measurements.length / 17, runNo, keyOf(`${chip} ${workloadKey} ${m.name}`), m.name, m.unit,
        m.direction, null, m.n, m.mean, m.stddev, m.stddev_kind, m.min, m.max, m.median, m.samples, []);
    }
  });
  const runCount = runs.length / 17;
  const measurementCount = measurements.length / 17;
  await client.query({
    name: `run${runCount}`,
    text: `insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, ran_at,
             ran_at_local, tool, tool_version, workload, device, setup, conditions, labels, flags)
           values ${placeholders(runCount, 17)}`,
    values: runs,
  });
  await client.query({
    name: `measurement${measurementCount}`,
    text: `insert into measurement (submission_id, ordinal, run_no, series_key, metric, unit, direction, unit_given, n,
             mean, stddev, stddev_kind, min, max, median, samples, flags)
           values ${placeholders(measurementCount, 17)}`,
    values: measurements,
  });
  await client.query({
    name: 'event',
    text: `insert into pending_event (submission_id, revision, kind, at, detail) values ($1, 1, 'accepted', $2, $3)`,
    values: [id, now, hash],
  });
  return true;
}

fastify.post('/v1/submissions', async (request, reply) => {
  const raw = request.body;
  const hash = crypto.createHash('sha256').update(raw).digest();
  const bundle = JSON.parse(raw.toString('utf8'));
  const id = uuid(hash);
  const client = await pool.connect();
  try {
    await client.query('begin');
    const created = await store(client, id, hash, raw, bundle);
    await client.query('commit');
    reply.code(created ? 201 : 200);
    return { id: `sha256:${hash.toString('hex')}`, state: 'accepted' };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
});

fastify.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(fastify.server.address().port));
process.on('SIGTERM', () => process.exit(0));
