// One prediction drawn as its way: the router, every tier it visited, the answer.
import { bar, el, setBar } from './dom.js';
import { NONE, POOLS, against, bytes, confidence, cost, count, isWithheld, known, labelName, list, millis, modelOf, number, percent, plural, words } from './format.js';

const POLICIES = {
  cascade: 'every event starts on the mobile tier; the first confident exit answers',
  dimee: 'easy starts on the mobile tier, medium on the edge, hard in the cloud',
  adaptive: 'an event starts where the router expects the lowest cost',
  'mobile-only': 'the mobile tier answers everything',
  'edge-only': 'the edge tier answers everything',
  'cloud-only': 'the cloud tier answers everything',
};

/** Of the answer's probabilities; more would bury the rest of the way. */
const CLASSES_SHOWN = 6;

function filled(kind, value, mark) {
  const node = bar(kind);
  setBar(node, value, mark);
  return node;
}

function readingText(name, verdict, value) {
  return [el('span', {}, name), el('span', {}, verdict), el('span', { class: 'number' }, value)];
}

function station(kind, title, aside, ...children) {
  return el('li', { class: 'stop ' + kind },
    el('h3', {}, el('span', {}, title), aside ? el('span', { class: 'aside' }, aside) : null), ...children);
}

function router(prediction) {
  const distances = list(prediction.pool_distances);
  const farthest = Math.max(...distances.filter(known), 0);
  const nearest = distances.indexOf(Math.min(...distances.filter(known)));
  const rows = distances.map((distance, i) => el('li', { class: i === nearest ? 'chosen' : null },
    readingText(POOLS[i] ?? 'pool ' + i, i === nearest ? 'nearest' : '', number(distance, 3)),
    filled('plain', farthest > 0 ? distance / farthest : 0)));
  return station('router', 'Router', 'pool ' + words(prediction.pool),
    distances.length
      ? [el('p', { class: 'muted' }, 'Distance to the centroid of each pool'), el('ul', { class: 'readings' }, rows)]
      : el('p', { class: 'muted' }, 'The distances to the pools were not recorded.'),
    el('p', { class: 'muted' }, 'Policy ' + words(prediction.policy)
      + (Object.hasOwn(POLICIES, prediction.policy) ? ': ' + POLICIES[prediction.policy] : '') + '.'));
}

function thresholdOf(model, exit) {
  const byLabel = list(list(model?.thresholds).find(entry => entry.depth === exit.depth)?.by_label);
  return byLabel.length === 1 ? byLabel[0] : byLabel[exit.label];
}

function comparison(exit, threshold) {
  if (!known(threshold)) return confidence(exit.confidence);
  if (threshold >= 1) return confidence(exit.confidence) + ', never answers';
  if (threshold <= 0) return confidence(exit.confidence) + ', always answers';
  return confidence(exit.confidence) + (exit.confidence >= threshold ? ' ≥ ' : ' < ') + confidence(threshold);
}

function reading(exit, model, answers) {
  const threshold = thresholdOf(model, exit);
  const shown = threshold > 0 && threshold < 1 ? threshold : NaN;
  return el('li', { class: answers ? 'chosen' : null },
    readingText('exit ' + count(exit.depth), labelName(model, exit.label) + (answers ? ': answers' : ': continues'), comparison(exit, threshold)),
    filled('plain', exit.confidence, shown));
}

/** The router's own visit, where it asked the exit that reads words alone. */
const isWords = hop => hop?.to_depth === 0 && !(hop.layers_run > 0);

function wordsVisit(hop, prediction, model) {
  return station('router', 'Exit 0', 'words alone, no layer',
    el('ul', { class: 'readings' }, list(hop.exits).map(exit => reading(exit, model, prediction.exit_depth === 0))),
    el('p', { class: 'muted' }, 'In ' + millis(hop.compute_ms) + '.'),
    el('p', {}, 'Cost ', el('strong', {}, cost(hop.compute_cost)), '.'));
}

function carried(hop, first) {
  if (first && hop.from_depth === 0 && !(hop.offload_cost > 0)) return 'Starts here, from the token ids.';
  const what = hop.restarted ? 'Came with ' : hop.from_depth > 0 ? 'Hidden state of ' : 'Token ids of ';
  return what + bytes(hop.bytes_in) + ' sent here.';
}

function visit(hop, index, hops, prediction, model) {
  if (isWords(hop)) return wordsVisit(hop, prediction, model);
  const first = index === 0 || (index === 1 && isWords(hops[0]));
  const last = index === hops.length - 1;
  const exits = list(hop.exits);
  const layers = hop.layers_run > 0
    ? hop.layers_run === 1 ? 'layer ' + count(hop.to_depth) : 'layers ' + count(hop.from_depth + 1) + ' to ' + count(hop.to_depth)
    : 'no layer';
  return station(hop.tier, words(hop.tier), layers,
    el('p', { class: 'muted' }, carried(hop, first)),
    hop.restarted ? el('p', { class: 'flag' }, 'Restarted from the token ids.') : null,
    exits.length
      ? el('ul', { class: 'readings' }, exits.map(exit =>
        reading(exit, model, last && exit.depth === prediction.exit_depth)))
      : el('p', { class: 'muted' }, 'No exit was evaluated.'),
    el('p', { class: 'muted' }, plural(hop.layers_run, 'layer', 'layers') + ' in ' + millis(hop.compute_ms)
      + ', batch of ' + count(hop.batch_size) + '.'),
    el('p', {}, 'Cost ', el('strong', {}, cost(hop.compute_cost)),
      hop.offload_cost > 0 ? [' and ', el('strong', {}, cost(hop.offload_cost)), ' for the offload.'] : '.'));
}

/** The most probable classes, most probable first where not all are shown. */
function classes(prediction) {
  const all = list(prediction.probabilities).map((probability, label) => ({ probability, label }));
  return all.length <= CLASSES_SHOWN ? all
    : all.toSorted((a, b) => b.probability - a.probability).slice(0, CLASSES_SHOWN);
}

function answer(prediction, model) {
  const price = prediction.cost ?? {};
  const flags = [
    prediction.spilled && 'Spilled: the edge was behind, so the task went to the cloud.',
    prediction.truncated && 'Truncated: the text is longer than the model reads.',
  ].filter(Boolean);
  const right = prediction.gold === prediction.label;
  return station('answer', 'Answer', prediction.tier ? 'from ' + words(prediction.tier) + ', exit ' + count(prediction.exit_depth) : null,
    el('p', { class: 'big' }, prediction.label_name ?? labelName(model, prediction.label)),
    el('ul', { class: 'readings' }, classes(prediction).map(({ probability, label }) =>
      el('li', { class: label === prediction.label ? 'chosen' : null },
        readingText(labelName(model, label), label === prediction.label ? 'the answer' : '', percent(probability)),
        filled('plain', probability)))),
    list(prediction.probabilities).length > CLASSES_SHOWN
      ? el('p', { class: 'muted' }, 'and ' + count(prediction.probabilities.length - CLASSES_SHOWN) + ' less probable classes')
      : null,
    known(prediction.gold)
      ? el('p', { class: right ? 'right' : 'flag' }, (isWithheld(prediction) ? 'Withheld: ' : right ? '✓ Correct: ' : '✗ Wrong: ') + 'labelled ' + labelName(model, prediction.gold) + '.')
      : null,
    el('p', {}, 'Cost ', el('strong', {}, cost(price.total)), ' of ' + cost(price.cloud_only) + ' in the cloud alone: '
      + against(price.total, price.cloud_only) + '.'),
    filled('saving', price.cloud_only > 0 ? price.total / price.cloud_only : NaN),
    el('p', { class: 'muted' }, plural(prediction.layers_run, 'layer', 'layers') + ' run, ' + bytes(prediction.bytes_offloaded) + ' offloaded, answered after '
      + millis(prediction.latency_ms) + '.'),
    flags.map(flag => el('p', { class: 'flag' }, flag)));
}

function details(prediction) {
  const attributes = Object.entries(prediction.attributes ?? {});
  return el('dl', { class: 'details muted' },
    el('div', {}, el('dt', {}, 'Event'), el('dd', {}, prediction.id ?? NONE)),
    el('div', {}, el('dt', {}, 'Model'), el('dd', {}, prediction.model_id ?? NONE)),
    attributes.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, String(value)))));
}

export function way(prediction, models) {
  const model = modelOf(models, prediction.model_id);
  const hops = list(prediction.hops);
  return el('div', { class: 'way' },
    el('ol', {}, router(prediction),
      hops.map((hop, i) => visit(hop, i, hops, prediction, model)),
      answer(prediction, model)),
    model ? el('p', { class: 'muted' }, 'The mark on a bar is the exit’s threshold for the label it leans to: from there on it answers.') : null,
    details(prediction));
}
