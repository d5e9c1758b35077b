// What changes over time, drawn by uPlot.
import { attribute, byId, el, say, sync } from './dom.js';
import { TIERS, against, clock, cost, count, known, list, millis, rate, scaled, sum } from './format.js';

const HEIGHT = 190;
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function timeAxis() {
  return {
    stroke: css('--muted'), grid: { stroke: css('--line'), width: 1 }, ticks: { stroke: css('--line'), size: 4 }, size: 26, space: 60, font: '11px system-ui, sans-serif',
    values: (plot, splits, axis, space, step) => splits.map(at => (step >= 60 ? clock(at * 1000).slice(0, 5) : clock(at * 1000))),
  };
}

function valueAxis(format, splits) {
  return {
    stroke: css('--muted'), grid: { stroke: css('--line'), width: 1 }, ticks: { show: false }, size: 58, font: '11px system-ui, sans-serif', splits,
    filter: splits && ((plot, all) => all),
    values: (plot, splits) => splits.map(value => (value == null ? '' : format(value))),
  };
}

const upFromZero = (plot, least, most) => [0, known(most) && most > 0 ? most * 1.1 : 1];

const ROUND = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map(digit => digit * 10 ** power)).flat();

/** Latencies span powers of ten: a logarithmic scale between round numbers. */
const logarithmic = {
  distr: 3,
  range: (plot, least, most) => (known(least) && known(most)
    ? [ROUND.findLast(value => value <= least) ?? 1, ROUND.find(value => value > most) ?? most]
    : [1, 1000]),
  splits: (plot, axis, least, most) => ROUND.filter(value => value >= least && value <= most),
};

/** One chart: its own legend tells the values under the pointer, or else the last ones. */
function chart(title, series, format, options) {
  const host = el('div', { class: 'chart', role: 'img' });
  const key = el('ul', { class: 'key' });
  byId('charts').append(el('figure', { class: 'panel' }, el('figcaption', {}, el('h3', {}, title)), key, host));
  let plot = null;
  let data = null;
  let values = null;

  function tellKey(at) {
    sync(key, series.map((line, i) => ({ ...line, value: at == null ? values[i].findLast(known) : values[i][at] })), line => line.name,
      line => el('li', {}, el('i', { class: line.mark, 'aria-hidden': 'true' }), el('span'), el('b')),
      (node, line) => {
        say(node.children[1], line.name);
        say(node.lastChild, format(line.value));
      });
  }

  function build() {
    plot?.destroy();
    plot = new uPlot({
      width: host.clientWidth, height: HEIGHT, legend: { show: false },
      cursor: { sync: { key: 'time' }, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: true }, y: { range: options.scale?.range ?? upFromZero, distr: options.scale?.distr ?? 1 } },
      axes: [timeAxis(), valueAxis(options.axis ?? format, options.scale?.splits)],
      series: [{}, ...series.map(line => ({
        stroke: css(line.color), width: 2, dash: line.dash, fill: line.area ? css(line.color + '-soft') : undefined,
        points: { show: false }, paths: options.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
      }))],
      hooks: { setCursor: [u => values && tellKey(u.cursor.idx)] },
    }, data, host);
  }

  new ResizeObserver(() => plot?.setSize({ width: host.clientWidth, height: HEIGHT })).observe(host);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot && build());

  return (times, own, drawn, words) => {
    values = own;
    data = [times, ...drawn];
    attribute(host, 'aria-label', title + '. ' + words);
    if (!globalThis.uPlot) {
      say(host, 'The drawing library did not load.');
    } else if (!plot) {
      build();
    } else {
      plot.setData(data);
    }
    tellKey(plot?.cursor.idx);
  };
}

export function timeCharts() {
  const answers = chart('Answers per second',
    [...TIERS].reverse().map(tier => ({ name: tier, color: '--' + tier, mark: 'fill-' + tier, area: true })), rate, { stepped: true, axis: scaled });
  const costs = chart('Cost per event', [
    { name: 'this pipeline', color: '--accent', mark: 'line-accent', area: true },
    { name: 'the cloud alone', color: '--muted', mark: 'line-dashed', dash: [6, 4] }], cost, { axis: scaled });
  const latency = chart('Latency', [
    { name: 'p99', color: '--edge', mark: 'line-dashed-edge', dash: [6, 4] },
    { name: 'p50', color: '--accent', mark: 'line-accent' }], millis, { scale: logarithmic, axis: value => (value < 1000 ? value + ' ms' : count(value / 1000) + ' s') });

  return state => {
    const series = state.series ?? {};
    const step = known(series.step_ms) && series.step_ms > 0 ? series.step_ms : 5000;
    const length = Math.max(0, ...[series.cost, series.p50, ...TIERS.map(tier => series.answered?.[tier])].map(part => list(part).length));
    const start = known(series.from) ? series.from : 0;
    const times = Array.from({ length }, (_, i) => (start + i * step) / 1000);
    const column = values => times.map((_, i) => (known(values?.[i]) ? values[i] : null));
    // The step in progress has not yet lasted its whole length; its first second says little.
    const lasted = times.map((_, i) => (known(state.now) ? Math.min(step, state.now - start - i * step) : step)).map(ms => (ms < 1000 ? 0 : ms));
    const last = values => values.findLast(known);

    const perSecond = Object.fromEntries(TIERS.map(tier => [tier, column(series.answered?.[tier])
      .map((n, i) => (n == null || !lasted[i] ? null : n * 1000 / lasted[i]))]));
    // Each area reaches up to the sum of the tiers below it; the widest is drawn first.
    const stacked = TIERS.map((_, i) => times.map((_, at) => sum(TIERS.slice(0, i + 1).map(tier => perSecond[tier][at]))));
    const latest = TIERS.map(tier => tier + ' ' + rate(last(perSecond[tier]))).join(', ');
    answers(times, [...TIERS].reverse().map(tier => perSecond[tier]), [...stacked].reverse(),
      length ? 'Last: ' + latest + '.' : 'No answer yet.');

    const own = column(series.cost);
    const alone = column(series.cloud_only);
    costs(times, [own, alone], [own, alone], known(last(own))
      ? 'Last: ' + cost(last(own)) + ', the cloud alone ' + cost(last(alone)) + ', ' + against(last(own), last(alone)) + '.'
      : 'No answer yet.');

    const slow = column(series.p99);
    const middle = column(series.p50);
    const positive = values => values.map(value => (value == null ? null : Math.max(1, value)));
    latency(times, [slow, middle], [positive(slow), positive(middle)], known(last(middle))
      ? 'Last: median ' + millis(last(middle)) + ', 99th percentile ' + millis(last(slow)) + '.'
      : 'No answer yet.');
  };
}
