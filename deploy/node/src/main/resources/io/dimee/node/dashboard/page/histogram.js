// Confidence of the answers, stacked by tier, with what the calibration saw as an outline.
import { attribute, byId, el, say, svg, sync } from './dom.js';
import { TIERS, count, known, list, number, percent, sum } from './format.js';

const WIDTH = 400;
const HEIGHT = 160;

export function histogram() {
  const bars = svg('g');
  const outline = svg('path', { class: 'outline' });
  const plot = svg('svg', { class: 'histogram', role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' }, bars, outline);
  const most = el('span', { class: 'muted top-tick' });
  const ticks = el('div', { class: 'ticks muted', 'aria-hidden': 'true' });
  const key = el('ul', { class: 'key' });
  byId('confidence').append(el('div', { class: 'plot' }, most, plot), ticks, key);

  return state => {
    const data = state.confidence ?? {};
    const bins = known(data.bins) ? data.bins : 20;
    const reference = list(data.reference);
    const counts = Object.fromEntries(TIERS.map(tier => [tier, list(data[tier])]));
    const total = sum(TIERS.map(tier => sum(counts[tier])));
    const share = (tier, bin) => (total > 0 && known(counts[tier][bin]) ? counts[tier][bin] / total : 0);
    const whole = bin => TIERS.reduce((all, tier) => all + share(tier, bin), 0);

    // The likeliest of k labels has 1/k at least; what lies below is empty by definition.
    const labels = Math.max(2, ...list(state.models).map(model => list(model.labels).length));
    const least = Math.floor(bins / labels);
    let first = least;
    for (let bin = 0; bin < least; bin++) if (whole(bin) > 0) first = 0;
    const shown = Array.from({ length: bins - first }, (_, i) => first + i);

    const top = Math.max(0.05, ...shown.map(whole), ...shown.map(bin => reference[bin] ?? 0));
    const step = WIDTH / shown.length;
    const y = value => HEIGHT * (1 - value / top);
    const rectangles = shown.flatMap((bin, i) => {
      let base = 0;
      return TIERS.map(tier => {
        const value = share(tier, bin);
        const rectangle = { id: tier + bin, tier, x: i * step + 1, y: y(base + value), height: HEIGHT * value / top };
        base += value;
        return rectangle;
      }).filter(rectangle => rectangle.height > 0);
    });
    sync(bars, rectangles, r => r.id, r => svg('rect', { class: 'fill-' + r.tier }), (node, r) => {
      attribute(node, 'x', r.x.toFixed(2));
      attribute(node, 'width', (step - 2).toFixed(2));
      attribute(node, 'y', r.y.toFixed(2));
      attribute(node, 'height', r.height.toFixed(2));
    });
    attribute(outline, 'd', reference.length
      ? 'M0 ' + HEIGHT + shown.map((bin, i) => ` V${y(reference[bin] ?? 0).toFixed(2)} H${((i + 1) * step).toFixed(2)}`).join('') + ' V' + HEIGHT
      : 'M0 0');
    say(most, total > 0 ? percent(top, 0) : 'no answer yet');
    const every = shown.length > 14 ? 4 : 2;
    const edges = [...shown.filter(bin => (bins - bin) % every === 0), bins].map(bin => number(bin / bins, 2));
    sync(ticks, edges.map((text, i) => ({ text, i })), tick => tick.i, () => el('span'), (node, tick) => say(node, tick.text));

    const entries = TIERS.map(tier => ({ kind: 'fill-' + tier, text: tier + ' ' + count(sum(counts[tier])) }));
    if (reference.length) entries.push({ kind: 'outline', text: 'calibration' });
    sync(key, entries, entry => entry.kind, entry => el('li', {}, el('i', { class: entry.kind, 'aria-hidden': 'true' }), el('span')),
      (node, entry) => say(node.lastChild, entry.text));

    const sure = shown.filter(bin => bin >= 0.9 * bins).reduce((all, bin) => all + whole(bin), 0);
    attribute(plot, 'aria-label', total > 0
      ? 'Histogram of the confidence of ' + count(total) + ' answers, stacked by tier from mobile at the bottom to cloud: '
        + percent(sure, 0) + ' have 0.9 or more.'
      : 'Histogram of the confidence of the answers: no answer yet.');
  };
}
