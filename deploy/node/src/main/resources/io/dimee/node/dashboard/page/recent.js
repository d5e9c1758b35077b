// The last predictions; a row opens to its way.
import { attribute, byId, el, say, sync, table } from './dom.js';
import { NONE, against, clock, confidence, cost, count, isWithheld, known, list, millis, modelOf, labelName, words } from './format.js';
import { way } from './way.js';

const COLUMNS = [
  { name: 'Event' }, { name: 'Answered', number: true }, { name: 'Answer' }, { name: 'Confidence', number: true },
  { name: 'Where' }, { name: 'Pool' }, { name: 'Cost', number: true }, { name: 'Against cloud', number: true },
  { name: 'Latency', number: true }, { name: 'Label' }];

const keyOf = prediction => [prediction.id, prediction.model_id, prediction.predicted_at].join('\n');

export function recentTable() {
  const { node, body } = table('Last predictions', COLUMNS);
  const newest = byId('recent-newest');
  const note = byId('recent-note');
  const opened = new Set();
  let state = null;
  let shownAnswered = null;
  let serial = 0;
  let pointed = false;
  byId('recent').append(node);
  body.remove();
  const rowsOf = node.firstChild;
  const empty = el('tfoot', {}, el('tr', {}, el('td', { colspan: COLUMNS.length, class: 'muted' }, 'Nothing has been answered yet.')));
  rowsOf.append(empty);

  function toggle(rows, prediction) {
    const button = rows.querySelector('button');
    const open = !opened.has(rows);
    if (open) {
      opened.add(rows);
      rows.lastChild.firstChild.replaceChildren(way(prediction, state?.models));
    } else {
      opened.delete(rows);
      rows.lastChild.firstChild.replaceChildren();
    }
    rows.lastChild.hidden = !open;
    attribute(button, 'aria-expanded', open);
    tellHold();
  }

  function create(prediction) {
    const id = 'way-' + ++serial;
    const button = el('button', { type: 'button', class: 'opener', 'aria-expanded': 'false', 'aria-controls': id }, prediction.id ?? 'no id');
    const gold = known(prediction.gold);
    const right = prediction.gold === prediction.label;
    const verdict = isWithheld(prediction) ? 'withheld, ' : right ? '✓ right' : '✗ ';
    const model = modelOf(state?.models, prediction.model_id);
    const price = prediction.cost ?? {};
    const rows = el('tbody', {},
      el('tr', {},
        el('th', { scope: 'row', class: 'id' }, button),
        el('td', { class: 'number' }, clock(prediction.predicted_at)),
        el('td', {}, prediction.label_name ?? labelName(model, prediction.label)),
        el('td', { class: 'number' }, confidence(prediction.confidence)),
        el('td', {}, el('span', { class: 'tier ' + prediction.tier }, words(prediction.tier)), ' exit ' + count(prediction.exit_depth),
          prediction.spilled ? el('span', { class: 'badge' }, 'spilled') : null),
        el('td', {}, words(prediction.pool)),
        el('td', { class: 'number' }, cost(price.total)),
        el('td', { class: 'number' }, against(price.total, price.cloud_only)),
        el('td', { class: 'number' }, millis(prediction.latency_ms)),
        el('td', {}, gold ? verdict + (right ? '' : labelName(model, prediction.gold)) : NONE)),
      el('tr', { id, class: 'opened', hidden: true }, el('td', { colspan: COLUMNS.length })));
    button.addEventListener('click', () => toggle(rows, prediction));
    return rows;
  }

  // Nobody can open, read or walk through rows that a fast pipeline moves every second.
  const entered = () => document.activeElement !== node && node.contains(document.activeElement);
  const held = () => opened.size > 0 || pointed || entered();

  function tellHold() {
    const newer = known(shownAnswered) && known(state?.totals?.answered) ? state.totals.answered - shownAnswered : 0;
    say(note, held() && newer > 0
      ? 'Held while you read: ' + count(newer) + ' newer.'
      : 'Open a row to see its path. The list holds still while you are in it.');
    newest.hidden = opened.size === 0 && !(entered() && newer > 0);
  }

  function draw() {
    empty.hidden = list(state.recent).length > 0;
    shownAnswered = state.totals?.answered;
    sync(rowsOf, list(state.recent), keyOf, create, () => {}, rowsOf.tHead);
  }

  newest.addEventListener('click', () => {
    opened.clear();
    sync(rowsOf, [], keyOf, create, () => {});
    draw();
    tellHold();
    node.focus();
  });
  node.addEventListener('pointerenter', event => { pointed = event.pointerType === 'mouse'; });
  node.addEventListener('pointerleave', () => { pointed = false; });

  return next => {
    state = next;
    if (!held() || shownAnswered == null) draw();
    tellHold();
  };
}
