// The row of numbers that says whether all is well.
import { attribute, bar, byId, el, say, setBar, sync } from './dom.js';
import { NONE, against, bytes, clock, cost, count, known, list, millis, moment, number, percent, plural, rate, sum, words } from './format.js';

const LEVELS = { alarm: 4, watch: 3, steady: 2, too_few: 1, no_reference: 0 };
const SIGNS = { alarm: '▲', watch: '△', steady: '✓', too_few: '…', no_reference: '○' };

export const rank = entry => LEVELS[entry?.level] ?? 0;
export const sign = level => SIGNS[level] ?? '○';

export function worst(drift) {
  return list(drift).reduce((a, b) => (a && (rank(a) > rank(b) || (rank(a) === rank(b) && a.psi >= b.psi)) ? a : b), null);
}

function cards(state) {
  const totals = state.totals ?? {};
  const latency = state.latency_ms ?? {};
  const letters = list(state.dead_letters);
  const drift = worst(state.drift);
  const answered = known(totals.answered) ? totals.answered : null;
  const mean = answered > 0 && known(totals.cost) ? totals.cost / answered : null;
  const cloud = answered > 0 && known(totals.cloud_only_cost) ? totals.cloud_only_cost / answered : null;
  const share = known(mean) && cloud > 0 ? mean / cloud : null;
  return [
    {
      name: 'Answered',
      value: count(answered),
      note: rate(sum(list(state.tiers).map(tier => tier.rate))) + ' now'
        + (known(totals.since) ? ', since ' + moment(totals.since, state.now) : ''),
    },
    {
      name: 'Cost against cloud',
      value: against(mean, cloud),
      note: known(mean) ? cost(mean) + ' per event, not ' + cost(cloud) + '; ' + bytes(totals.bytes_offloaded) + ' offloaded' : 'no prediction yet',
      share,
    },
    {
      name: 'Accuracy',
      value: totals.labelled > 0 ? percent(totals.accuracy) : NONE,
      note: totals.labelled > 0 ? 'of ' + plural(totals.labelled, 'labelled event', 'labelled events') : 'no labelled events',
    },
    {
      name: 'Latency, median',
      value: millis(latency.p50),
      note: known(latency.p99) ? 'p90 ' + millis(latency.p90) + ', p99 ' + millis(latency.p99) + ', max ' + millis(latency.max) : 'no prediction yet',
    },
    {
      name: 'Dead letters',
      section: 'dead-letters-section',
      value: count(totals.dead_letters),
      note: letters[0] ? 'last: ' + words(letters[0].reason) + ', ' + words(letters[0].stage) + ', ' + clock(letters[0].failed_at) : 'none to show',
      kind: totals.dead_letters > 0 ? 'bad' : '',
    },
    {
      name: 'Drift',
      section: 'drift-section',
      value: drift ? sign(drift.level) + ' ' + words(drift.level) : NONE,
      note: drift
        ? known(drift.psi) ? words(drift.feature) + ': PSI ' + number(drift.psi, 3) : words(drift.feature)
        : 'nothing to compare yet',
      kind: drift?.level === 'alarm' ? 'bad' : drift?.level === 'watch' ? 'warn' : '',
    },
  ];
}

export function showHeadline(state) {
  byId('waiting').hidden = state.totals?.answered > 0;
  sync(byId('headline'), cards(state), card => card.name,
    card => el('div', {}, el('dt', {}, card.section ? el('a', { href: '#' + card.section }, card.name) : card.name), el('dd', { class: 'value' }),
      el('dd', {}, el('span', { class: 'note-line' }), 'share' in card ? bar('saving') : null)),
    (node, card) => {
      attribute(node, 'class', 'card ' + (card.kind ?? ''));
      say(node.querySelector('.value'), card.value);
      say(node.querySelector('.note-line'), card.note);
      if ('share' in card) setBar(node.querySelector('.bar'), card.share);
    });
}
