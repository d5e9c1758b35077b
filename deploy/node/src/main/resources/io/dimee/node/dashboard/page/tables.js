// The tables that only show: exits, drift, dead letters.
import { attribute, bar, byId, el, say, setBar, sync, table } from './dom.js';
import { NONE, count, known, list, moment, number, percent, words } from './format.js';
import { rank, sign } from './headline.js';

const LEVELS = {
  steady: 'as calibrated',
  watch: 'shifted: look at it',
  alarm: 'far off: recalibrate',
  too_few: 'too few events to tell',
  no_reference: 'the bundle has no reference',
};

function emptyRow(body, columns, text, none) {
  const row = body.parentNode.querySelector('tfoot');
  if (none && !row) {
    body.after(el('tfoot', {}, el('tr', {}, el('td', { colspan: columns, class: 'muted' }, text))));
  } else if (!none && row) {
    row.remove();
  }
}

export function exitsTable() {
  const { node, body } = table('Exits', [
    { name: 'Layer' }, { name: 'Share' }, { name: 'Calibrated', number: true },
    { name: 'Events', number: true }, { name: 'Accuracy', number: true }]);
  byId('exits').append(node);
  return state => {
    const exits = list(state.exits);
    const most = Math.max(0.01, ...exits.flatMap(exit => [exit.share, exit.reference]).filter(known));
    sync(body, exits, exit => exit.depth,
      exit => el('tr', {},
        el('th', { scope: 'row' }, String(exit.depth), el('span', { class: 'tier ' + exit.tier }, exit.tier)),
        el('td', {}, el('span', { class: 'with-bar' }, bar(exit.tier), el('span', { class: 'text number' }))),
        el('td', { class: 'number' }), el('td', { class: 'number' }), el('td', { class: 'number' })),
      (row, exit) => {
        setBar(row.querySelector('.bar'), exit.share / most, known(exit.reference) ? exit.reference / most : NaN);
        [...row.children].slice(1).forEach((cell, i) => say(cell.querySelector('.text') ?? cell, [
          percent(exit.share), percent(exit.reference), count(exit.answered),
          exit.labelled > 0 ? percent(exit.accuracy) : NONE][i]));
      });
    emptyRow(body, 5, 'No exit has answered yet.', exits.length === 0);
  };
}

export function driftTable() {
  const { node, body } = table('Drift', [
    { name: 'What' }, { name: 'Level' }, { name: 'PSI', number: true }, { name: 'Noise', number: true },
    { name: 'Events', number: true }]);
  byId('drift').append(node);
  return state => {
    const { watch, alarm } = state.drift_thresholds ?? {};
    const several = new Set(list(state.drift).map(entry => entry.model_id + ' ' + entry.policy)).size > 1;
    const rows = list(state.drift).toSorted((a, b) => rank(b) - rank(a) || (b.psi ?? 0) - (a.psi ?? 0));
    sync(body, rows, entry => [entry.model_id, entry.policy, entry.feature].join(' '),
      entry => el('tr', {},
        el('th', { scope: 'row' }, words(entry.feature), el('span', { class: 'sub' })),
        el('td', {}, el('span', { class: 'level' }), el('span', { class: 'sub meaning' })),
        el('td', { class: 'number' }), el('td', { class: 'number' }), el('td', { class: 'number' })),
      (row, entry) => {
        const level = row.querySelector('.level');
        say(row.querySelector('.sub'), several ? entry.model_id + ', ' + entry.policy : '');
        attribute(level, 'class', 'level ' + (entry.level in LEVELS ? entry.level : ''));
        say(level, sign(entry.level) + ' ' + words(entry.level));
        say(row.querySelector('.meaning'), LEVELS[entry.level] ?? '');
        [number(entry.psi, 3), number(entry.noise, 3), count(entry.events)]
          .forEach((value, i) => say(row.children[i + 2], value));
      });
    emptyRow(body, 5, 'No window of events to compare yet.', rows.length === 0);
    say(byId('drift-words'), 'How far the traffic is from the rows that the bundle was calibrated on, as PSI'
      + (known(watch) && known(alarm) ? ': watch from ' + number(watch, 2) + ', alarm from ' + number(alarm, 2) : '')
      + '. Noise is the PSI that chance alone would give.');
  };
}

export function deadLettersTable() {
  const { node, body } = table('Dead letters', [
    { name: 'Event' }, { name: 'Failed at', number: true }, { name: 'Stage' }, { name: 'Reason' }, { name: 'Message' },
    { name: 'Record' }]);
  byId('dead-letters').append(node);
  return state => {
    const letters = list(state.dead_letters);
    const place = letter => (letter.offset >= 0 ? letter.topic + ' ' + letter.partition + '@' + letter.offset : letter.topic + ', never written');
    sync(body, letters, letter => [letter.event_id, place(letter), letter.failed_at].join(' '),
      letter => el('tr', {},
        el('th', { scope: 'row', class: 'id' }, letter.event_id ?? 'unknown'),
        el('td', { class: 'number' }),
        el('td', {}, words(letter.stage)),
        el('td', {}, words(letter.reason)),
        el('td', { class: 'message' }, letter.message ?? ''),
        el('td', { class: 'id' }, place(letter))),
      (row, letter) => say(row.children[1], moment(letter.failed_at, state.now)));
    emptyRow(body, 6, 'None: every event was answered so far.', letters.length === 0);
  };
}
