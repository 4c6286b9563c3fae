// The console's page. What servers said is hostile until shown otherwise: text goes into the page as text and in no other way.

const STATE = {
  UP: ['●', 'good'], OVERLOADED: ['▲', 'warn'], RECOVERING: ['◐', 'warn'], DRAINED: ['■', 'warn'], DOWN: ['✖', 'bad'],
};
const ORDERS = {
  drain: ['drained', 'It gets no new mail; what was placed for it goes to another server in service, or waits.'],
  resume: ['auto', 'The health of the server decides again. It comes back in steps.'],
  down: ['down', 'It is treated as dead until you resume it.'],
};
const SILENCE_MILLIS = 8_000;
const HISTORY_MAX = 200;
const TEXT_MAX = 600;

/** Text of others: no control characters, none that turn the direction of writing, not without end. */
export function clean(value) {
  const text = String(value ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
  return text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) + '…' : text;
}

export function count(number) {
  return Number(number).toLocaleString('en');
}

/** Seconds in the largest unit that leaves a small number. */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return 'unknown';
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** By the console's clock on both sides, so that a wrong clock of the reader's machine does not matter. */
export function ago(since, now) {
  const seconds = (Date.parse(now) - Date.parse(since)) / 1_000;
  if (Number.isNaN(seconds) || Date.parse(since) === 0) return '–';
  return `${span(Math.max(0, seconds))} ago`;
}

function state(name) {
  const [sign, kind] = STATE[name] ?? ['?', 'warn'];
  return { text: `${sign} ${name}`, kind };
}

/** A slow server is one that mail of high priority leaves. */
function standing(server) {
  const { text, kind } = state(server.state);
  return server.slow ? { text: `${text}, slow`, kind: 'warn' } : { text, kind };
}

export function serverCells(server, now) {
  return [
    server.id, standing(server), { text: server.mode, kind: server.mode === 'auto' ? '' : 'warn' },
    { text: `${server.share} %`, kind: 'number' }, { text: server.epoch, kind: 'number' },
    { text: ago(server.since, now), kind: 'nowrap', title: server.since }, { text: server.evidence, kind: 'evidence' },
  ];
}

export function routeCells(route) {
  const missing = route.unaccounted > 0;
  return [
    route.id, ...['accepted', 'delivered', 'failed', 'waiting'].map((name) => ({ text: count(route[name]), kind: 'number' })),
    { text: missing ? `⚠ ${count(route.unaccounted)} missing` : '0', kind: missing ? 'number bad' : 'number' },
  ];
}

export function laneCells(lane) {
  const stuck = lane.lag > 0 && lane.drainSeconds === null;
  return [
    lane.route, lane.server, lane.role, { text: count(lane.lag), kind: 'number' },
    { text: lane.lag > 0 ? span(lane.oldestAgeSeconds) : '–', kind: 'number' },
    { text: `${count(Math.round(lane.ratePerSecond * 10) / 10)}/s`, kind: 'number' },
    { text: lane.lag === 0 ? '–' : stuck ? '▲ stands still' : span(lane.drainSeconds), kind: stuck ? 'number warn' : 'number' },
  ];
}

export function historyCells(change) {
  return [
    { text: change.since, kind: 'nowrap' }, change.id, standing(change), change.mode,
    { text: `${change.share} %`, kind: 'number' }, { text: change.epoch, kind: 'number' }, { text: change.evidence, kind: 'evidence' },
  ];
}

export function serviceCells(service, now) {
  const lags = service.configLags;
  return [
    service.kind, service.instance, { text: lags ? `▲ ${service.configHash}, not the console's` : service.configHash, kind: lags ? 'warn' : '' },
    service.version, service.url, { text: ago(service.at, now), kind: 'nowrap' },
  ];
}

/** What the person on call has to know first, worst first. */
export function alarms(status) {
  const missing = status.routes.filter((route) => route.unaccounted > 0)
    .map((route) => ({ kind: 'bad', text: `✖ route ${route.id}: ${count(route.unaccounted)} messages unaccounted for` }));
  const out = status.servers.filter((server) => server.state !== 'UP')
    .map((server) => ({ kind: state(server.state).kind, text: `${state(server.state).text}: server ${server.id}` }));
  const still = status.lanes.filter((lane) => lane.lag > 0 && lane.drainSeconds === null)
    .map((lane) => ({ kind: 'warn', text: `▲ lane ${lane.route} → ${lane.server} stands still with ${count(lane.lag)} waiting` }));
  const lags = status.services.filter((service) => service.configLags)
    .map((service) => ({ kind: 'warn', text: `▲ ${service.kind} ${service.instance} runs another configuration` }));
  const all = [...missing, ...out, ...still, ...lags];
  return [...all.filter((alarm) => alarm.kind === 'bad'), ...all.filter((alarm) => alarm.kind !== 'bad')];
}

/** The history with a change in front; the same change twice is one. */
export function withChange(history, change) {
  const known = history.some((other) => other.id === change.id && other.epoch === change.epoch);
  return known ? history : [change, ...history].slice(0, HISTORY_MAX);
}

/** Fills a table and keeps the rows it has: focus, selection and screen readers survive a refresh. */
export function fill(document, body, rows) {
  const had = new Map([...body.children].map((row) => [row.dataset.key, row]));
  rows.forEach(({ key, cells, alarm, extra }, position) => {
    const row = had.get(key) ?? newRow(document, key, cells.length, extra);
    had.delete(key);
    row.className = alarm ? 'alarm' : '';
    cells.forEach((cell, index) => write(row.children[index], cell));
    extra?.update?.(row);
    if (body.children[position] !== row) body.insertBefore(row, body.children[position] ?? null);
  });
  had.forEach((row) => row.remove());
}

function newRow(document, key, cells, extra) {
  const row = document.createElement('tr');
  row.dataset.key = key;
  for (let index = 0; index < cells; index++) {
    const cell = document.createElement(index === 0 ? 'th' : 'td');
    if (index === 0) cell.setAttribute('scope', 'row');
    row.append(cell);
  }
  if (extra) row.append(extra.create());
  return row;
}

function write(element, cell) {
  const { text, kind = '', title = '' } = typeof cell === 'object' ? cell : { text: cell };
  const shown = clean(text);
  if (element.textContent !== shown) element.textContent = shown;
  if (element.className !== kind) element.className = kind;
  if (element.title !== clean(title)) element.title = clean(title);
}

/** The page at work. What it needs of the browser is handed in, so that tests can hand in something else. */
export function page({ document, fetch, storage, openStream, monotonic }) {
  const byId = (id) => document.getElementById(id);
  const rows = (table) => byId(table).tBodies[0];
  let status = null;
  let history = [];
  let heardAt = null;
  let ordering = null;

  function show() {
    const now = status.at;
    fill(document, rows('servers'), status.servers.map((server) => ({
      key: server.id, cells: serverCells(server, now), alarm: server.state === 'DOWN', extra: buttons(server),
    })));
    fill(document, rows('routes'), status.routes.map((route) => ({ key: route.id, cells: routeCells(route), alarm: route.unaccounted > 0 })));
    fill(document, rows('lanes'), status.lanes.map((lane) => ({ key: `${lane.route}/${lane.server}`, cells: laneCells(lane) })));
    fill(document, rows('services'), status.services.map((service) => ({ key: service.instance, cells: serviceCells(service, now) })));
    list(byId('alarms'), alarms(status));
    const worst = alarms(status).length;
    document.title = worst > 0 ? `(${worst}) Tandem` : 'Tandem';
  }

  function showHistory() {
    fill(document, rows('history'), history.map((change) => ({ key: `${change.id}/${change.epoch}`, cells: historyCells(change) })));
  }

  function list(element, lines) {
    const texts = lines.map((line) => `${line.drill ?? ''} ${line.text}`).join('\n');
    if (element.dataset.shown === texts) return;
    element.dataset.shown = texts;
    element.replaceChildren(...lines.map((line) => {
      const item = document.createElement('li');
      if (line.drill) item.append(reportLink(line.drill));
      const text = document.createElement('span');
      write(text, line);
      item.append(text);
      return item;
    }));
  }

  // The one address that is made of data: always a path below this page, whatever the id is.
  function reportLink(drill) {
    const anchor = document.createElement('a');
    anchor.setAttribute('href', `v1/drills/${encodeURIComponent(drill)}`);
    anchor.textContent = clean(`Report of ${drill}`);
    return anchor;
  }

  function buttons(server) {
    return {
      create() {
        const cell = document.createElement('td');
        cell.className = 'nowrap';
        Object.keys(ORDERS).forEach((order) => {
          const button = document.createElement('button');
          button.type = 'button';
          button.textContent = order;
          button.setAttribute('aria-label', `${order} ${clean(server.id)}`);
          button.addEventListener('click', () => ask(server.id, order));
          cell.append(button);
        });
        return cell;
      },
      update(row) {
        const current = status.servers.find((one) => one.id === server.id);
        [...row.children[row.children.length - 1].children].forEach((button) => {
          button.disabled = ORDERS[button.textContent][0] === current.mode;
        });
      },
    };
  }

  function ask(id, order) {
    ordering = { id, order };
    byId('order-title').textContent = `${order} ${clean(id)}`;
    byId('order-effect').textContent = ORDERS[order][1];
    byId('order-give').textContent = order;
    byId('order-refusal').textContent = '';
    byId('order-by').value = storage.getItem('by') ?? '';
    byId('order-why').value = '';
    byId('order').showModal();
    byId(byId('order-by').value ? 'order-why' : 'order-by').focus();
  }

  async function give(event) {
    event.preventDefault();
    const [by, why] = [byId('order-by').value.trim(), byId('order-why').value.trim()];
    byId('order-refusal').textContent = by && why ? '' : 'Say who you are, and why.';
    if (!by || !why) return;
    storage.setItem('by', by);
    byId('order-give').disabled = true;
    try {
      const answer = await fetch(`v1/servers/${encodeURIComponent(ordering.id)}/mode`, {
        method: 'PUT', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode: ORDERS[ordering.order][0], by, why }),
      });
      if (answer.ok) byId('order').close();
      else byId('order-refusal').textContent = `Refused (${answer.status}): ${clean(await answer.text())}`;
    } catch {
      byId('order-refusal').textContent = 'The console does not answer. The order may not have been given; try again.';
    } finally {
      byId('order-give').disabled = false;
    }
  }

  async function search(event) {
    event.preventDefault();
    const id = byId('message-id').value.trim();
    try {
      const answer = await fetch(`v1/messages/${encodeURIComponent(id)}`);
      const text = await answer.text();
      byId('message').textContent = (answer.ok ? JSON.stringify(JSON.parse(text), null, 2) : text).split('\n').map(clean).join('\n');
    } catch {
      byId('message').textContent = 'The console does not answer; try again.';
    }
  }

  function showAge() {
    const reading = byId('reading');
    const age = heardAt === null ? null : monotonic() - heardAt;
    const stale = age === null || age > SILENCE_MILLIS;
    reading.className = stale ? 'bad' : '';
    const text = age === null ? 'No status read yet.'
      : stale ? `⚠ No new reading for ${span(Math.round(age / 1_000))}. Below stands what was so at ${status.at}.`
      : 'Live.';
    if (reading.textContent !== text) reading.textContent = text;
  }

  function onStatus(json) {
    status = JSON.parse(json);
    heardAt = monotonic();
    show();
    showAge();
  }

  function onHealth(json) {
    const change = JSON.parse(json);
    history = withChange(history, change);
    showHistory();
    if (status?.servers.some((server) => server.id === change.id && server.epoch < change.epoch)) {
      status.servers = status.servers.map((server) => (server.id === change.id ? change : server));
      show();
    }
  }

  async function get(path) {
    const answer = await fetch(path);
    return answer.ok ? answer.json() : null;
  }

  /** What the stream does not bring. Asked for after each connection: it may have been missed meanwhile. */
  async function readAside() {
    const past = await get('v1/history').catch(() => null);
    history = past ?? history;
    showHistory();
    const drills = await get('v1/drills').catch(() => null);
    byId('drills-section').hidden = !Array.isArray(drills) || drills.length === 0;
    if (Array.isArray(drills)) {
      list(byId('drills'), drills.map((drill) => ({
        drill: drill.id ? String(drill.id) : '',
        text: Object.entries(drill).filter(([, value]) => typeof value !== 'object').map(([name, value]) => `${name}: ${value}`).join(' · '),
      })));
    }
  }

  byId('order').querySelector('form').addEventListener('submit', give);
  byId('order-cancel').addEventListener('click', () => byId('order').close());
  byId('search').addEventListener('submit', search);
  openStream({ open: readAside, status: onStatus, health: onHealth });
  return { showAge, onStatus, onHealth, readAside };
}

/** A stream for as long as the page is looked at: browsers have few connections for each host, over all windows. */
function stream(document, { open, status, health }) {
  let source = null;
  function connect() {
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource('v1/stream');
    source.addEventListener('open', open);
    source.addEventListener('status', (event) => status(event.data));
    source.addEventListener('health', (event) => health(event.data));
    source.addEventListener('error', async () => {
      // Refused for good, as when all places are taken: the browser does not try again by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, 5_000);
      const answer = await fetch('v1/status').catch(() => null);
      if (answer?.ok) status(await answer.text());
    });
  }
  document.addEventListener('visibilitychange', connect);
  connect();
}

if (typeof window !== 'undefined') {
  const shown = page({
    document, fetch: (...all) => window.fetch(...all), storage: window.localStorage,
    openStream: (listeners) => stream(document, listeners), monotonic: () => performance.now(),
  });
  setInterval(shown.showAge, 1_000);
}
