import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { fakeDocument } from './fake-dom.mjs';

const FILES = new URL('../../main/resources/io/tandemmail/console/web/', import.meta.url);
const { ago, alarms, clean, laneCells, page, routeCells, serverCells, span, withChange } = await import(new URL('console.mjs', FILES));
const HTML = readFileSync(new URL('index.html', FILES), 'utf8');

const SERVER = { id: 'mx-a', state: 'UP', share: 100, epoch: 4, since: '2026-11-24T10:00:00Z', evidence: 'ramp completed', mode: 'auto' };
const LANE = { route: 'default', server: 'mx-a', role: 'primary', lag: 12, oldestAgeSeconds: 1.5, ratePerSecond: 6, drainSeconds: 2 };
const ROUTE = { id: 'default', accepted: 5000, delivered: 4990, failed: 1, waiting: 9, unaccounted: 0 };
const SERVICE = { instance: 'w-1', kind: 'worker', url: 'http://10.0.0.1:1', configHash: 'abc', configLags: false, version: '1', at: '2026-11-24T10:00:00Z' };
const STATUS = { servers: [SERVER], lanes: [LANE], routes: [ROUTE], services: [SERVICE], configHash: 'abc', at: '2026-11-24T10:05:00Z' };

let document, answers, asked, stored, clock, shown;

beforeEach(() => {
  document = fakeDocument(HTML);
  answers = {};
  asked = [];
  stored = {};
  clock = 0;
  shown = page({
    document,
    fetch: async (path, options) => {
      asked.push({ path, options });
      if (answers[path] === undefined) return { ok: false, status: 404, text: async () => 'not found' };
      if (answers[path] instanceof Error) throw answers[path];
      const { status = 200, body } = answers[path];
      return { ok: status < 300, status, text: async () => body, json: async () => JSON.parse(body) };
    },
    storage: { getItem: (key) => stored[key] ?? null, setItem: (key, value) => { stored[key] = value; } },
    openStream: () => {},
    monotonic: () => clock,
  });
});

const rows = (table) => document.getElementById(table).tBodies[0].children;
const show = (changes = {}) => shown.onStatus(JSON.stringify({ ...STATUS, ...changes }));
const order = (name) => rows('servers')[0].children[7].children.find((button) => button.textContent === name);
const give = () => document.getElementById('order').querySelector('form').listeners.submit({ preventDefault() {} });

test('a slow server is called so', () => {
  assert.deepEqual(serverCells({ ...SERVER, slow: true }, SERVER.since)[1], { text: '● UP, slow', kind: 'warn' });
  assert.deepEqual(serverCells(SERVER, SERVER.since)[1].text, '● UP');
});

test('evidence of a server stays text, without control characters and with an end', () => {
  show({ servers: [{ ...SERVER, evidence: '550 <script>alert(1)</script>\u001b[31m\u202e' + 'x'.repeat(1000) }] });
  const cell = rows('servers')[0].children[6];
  assert.equal(cell.children.length, 0);
  assert.match(cell.textContent, /^550 <script>alert\(1\)<\/script>\ufffd\[31m\ufffdx+…$/);
  assert.ok(cell.textContent.length < 610);
  assert.equal(clean(null), '');
});

test('every table shows its columns and no more', () => {
  show();
  shown.onHealth(JSON.stringify(SERVER));
  for (const table of ['servers', 'routes', 'lanes', 'services', 'history']) {
    const head = HTML.match(new RegExp(`<table id="${table}">[^]*?</thead>`))[0].match(/<th /g).length;
    assert.equal(rows(table)[0].children.length, head, table);
    assert.equal(rows(table)[0].children[0].attributes.scope, 'row', table);
  }
});

test('a refresh keeps rows and buttons, so that focus is not lost, and removes what is gone', () => {
  show({ servers: [SERVER, { ...SERVER, id: 'mx-b' }] });
  const [row, button] = [rows('servers')[0], order('drain')];
  show({ servers: [{ ...SERVER, state: 'DOWN', epoch: 5 }] });
  assert.equal(rows('servers').length, 1);
  assert.equal(rows('servers')[0], row);
  assert.equal(order('drain'), button);
  assert.equal(row.children[1].textContent, '✖ DOWN');
  assert.equal(row.className, 'alarm');
});

test('mail that is unaccounted for alarms in words, not by colour alone', () => {
  const cells = routeCells({ ...ROUTE, unaccounted: 3 });
  assert.deepEqual(cells.at(-1), { text: '⚠ 3 missing', kind: 'number bad' });
  assert.deepEqual(routeCells(ROUTE).at(-1), { text: '0', kind: 'number' });
  show({ routes: [{ ...ROUTE, unaccounted: 3 }] });
  assert.equal(rows('routes')[0].className, 'alarm');
  assert.match(document.getElementById('alarms').textContent, /route default: 3 messages unaccounted for/);
  assert.equal(document.title, '(1) Tandem');
});

test('the worst alarm comes first', () => {
  const all = alarms({
    servers: [{ ...SERVER, state: 'DRAINED' }, { ...SERVER, id: 'mx-b', state: 'DOWN' }],
    lanes: [{ ...LANE, drainSeconds: null }], routes: [ROUTE], services: [{ ...SERVICE, configLags: true }],
  });
  assert.deepEqual(all.map((alarm) => alarm.text), [
    '✖ DOWN: server mx-b', '■ DRAINED: server mx-a', '▲ lane default → mx-a stands still with 12 waiting', '▲ worker w-1 runs another configuration',
  ]);
  assert.deepEqual(alarms(STATUS), []);
});

test('what is not known is not shown as zero', () => {
  assert.equal(laneCells({ ...LANE, oldestAgeSeconds: null, drainSeconds: null })[4].text, 'unknown');
  assert.equal(laneCells({ ...LANE, drainSeconds: null })[6].text, '▲ stands still');
  assert.equal(laneCells({ ...LANE, lag: 0, drainSeconds: 0 })[6].text, '–');
});

test('times are spans by the console\'s own clock', () => {
  assert.equal(ago('2026-11-24T10:00:00Z', '2026-11-24T10:05:00Z'), '5 min ago');
  assert.equal(ago('1970-01-01T00:00:00Z', '2026-11-24T10:05:00Z'), '–');
  assert.deepEqual([0.25, 42.4, 600, 9000, 400000].map(span), ['0.3 s', '42 s', '10 min', '3 h', '5 d']);
});

test('an old reading is not shown as today\'s', () => {
  show();
  assert.equal(document.getElementById('reading').textContent, 'Live.');
  clock = 60_000;
  shown.showAge();
  assert.match(document.getElementById('reading').textContent, /No new reading for 60 s.*2026-11-24T10:05:00Z/);
  assert.equal(document.getElementById('reading').className, 'bad');
});

test('a change of health is shown at once, once, and newest first', () => {
  show();
  const down = { ...SERVER, state: 'DOWN', epoch: 5, evidence: 'refused' };
  shown.onHealth(JSON.stringify(down));
  shown.onHealth(JSON.stringify(down));
  assert.equal(rows('servers')[0].children[1].textContent, '✖ DOWN');
  assert.equal(rows('history').length, 1);
  shown.onHealth(JSON.stringify({ ...SERVER, epoch: 3, evidence: 'late' }));
  assert.equal(rows('servers')[0].children[1].textContent, '✖ DOWN');
  assert.equal(withChange(Array.from({ length: 200 }, (_, n) => ({ id: 'x', epoch: n })), SERVER).length, 200);
});

test('an order says who and why, and remembers who', async () => {
  show();
  answers['v1/servers/mx-a/mode'] = { body: '{}' };
  order('drain').listeners.click();
  assert.ok(document.getElementById('order').open);
  document.getElementById('order-by').value = ' ann ';
  await give();
  assert.match(document.getElementById('order-refusal').textContent, /who you are, and why/);
  assert.equal(asked.length, 0);

  document.getElementById('order-why').value = 'disk full';
  await give();
  assert.equal(asked[0].options.method, 'PUT');
  assert.equal(asked[0].options.headers['content-type'], 'application/json');
  assert.deepEqual(JSON.parse(asked[0].options.body), { mode: 'drained', by: 'ann', why: 'disk full' });
  assert.ok(!document.getElementById('order').open);
  assert.equal(stored.by, 'ann');
});

test('a refusal is shown and the order can be given again', async () => {
  show();
  order('down').listeners.click();
  document.getElementById('order-by').value = 'ann';
  document.getElementById('order-why').value = 'test';
  answers['v1/servers/mx-a/mode'] = { status: 503, body: 'Kafka did not take the order in time; give it again\n' };
  await give();
  assert.ok(document.getElementById('order').open);
  assert.match(document.getElementById('order-refusal').textContent, /^Refused \(503\): Kafka did not take/);
  answers['v1/servers/mx-a/mode'] = new Error('gone');
  await give();
  assert.match(document.getElementById('order-refusal').textContent, /does not answer/);
  assert.ok(!document.getElementById('order-give').disabled);
});

test('the order that holds already cannot be given', () => {
  show();
  assert.deepEqual(['drain', 'resume', 'down'].map((name) => order(name).disabled), [false, true, false]);
  show({ servers: [{ ...SERVER, mode: 'drained' }] });
  assert.deepEqual(['drain', 'resume', 'down'].map((name) => order(name).disabled), [true, false, false]);
});

test('drills are shown where there are any, and nothing where the console has none', async () => {
  await shown.readAside();
  assert.ok(document.getElementById('drills-section').hidden);
  answers['v1/drills'] = { body: '[{"route":"default","kind":"primary-loss","lost":0,"steps":[]}]' };
  await shown.readAside();
  assert.ok(!document.getElementById('drills-section').hidden);
  assert.equal(document.getElementById('drills').textContent, 'route: default · kind: primary-loss · lost: 0');
});

test('a drill has a link to its report, which leads nowhere else', async () => {
  answers['v1/drills'] = { body: '[{"id":"drill-1","passed":true},{"id":"javascript:alert(1)//\\u202e"}]' };
  await shown.readAside();
  const links = document.getElementById('drills').children.map((item) => item.children[0]);
  assert.deepEqual(links.map((link) => link.attributes.href), ['v1/drills/drill-1', 'v1/drills/javascript%3Aalert(1)%2F%2F%E2%80%AE']);
  assert.deepEqual(links.map((link) => link.textContent), ['Report of drill-1', 'Report of javascript:alert(1)//\ufffd']);
});

test('a message is looked up by its id, whatever is in it', async () => {
  answers['v1/messages/a%2Fb'] = { body: '{"id":"a/b","state":"delivered"}' };
  document.getElementById('message-id').value = 'a/b';
  await document.getElementById('search').listeners.submit({ preventDefault() {} });
  assert.match(document.getElementById('message').textContent, /"state": "delivered"/);
});
