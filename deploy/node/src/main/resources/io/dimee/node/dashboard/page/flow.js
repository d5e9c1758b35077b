// Events through router and tiers: stations are text, the bands between them are drawn behind.
import { byId, el, say, attribute, svg, sync } from './dom.js';
import { TIERS, count, known, list, percent, plural, rate, sum } from './format.js';

const BAND = 44;
const LANE_GAP = 12;
const CORNER = 14;

const NAMES = {
  events: 'Events', router: 'Router', mobile: 'Mobile', edge: 'Edge', cloud: 'Cloud',
  predictions: 'Predictions', letters: 'Dead letters',
};

export function flowDiagram() {
  const host = byId('flow');
  const bands = svg('svg', { class: 'bands', 'aria-hidden': 'true' });
  const stations = el('ol', { class: 'stations' });
  const nodes = {};
  for (const [key, name] of Object.entries(NAMES)) {
    const big = el('span', { class: 'share' });
    const lines = el('span', { class: 'lines' });
    nodes[key] = { box: el('li', { class: 'station ' + key }, el('strong', {}, name), big, lines), big, lines };
    stations.append(nodes[key].box);
  }
  host.append(bands, stations);
  let shares = { mobile: 0, edge: 0, cloud: 0 };
  let moving = {};
  let spilled = 0;
  let letters = 0;

  function write(key, big, ...lines) {
    say(nodes[key].big, big);
    sync(nodes[key].lines, lines.filter(Boolean).map((text, i) => ({ text, i })), line => line.i,
      () => el('span'), (node, line) => say(node, line.text));
  }

  /** Places in one frame of reference, along and across the flow, whichever way the page lays it out. */
  function frame() {
    const origin = host.getBoundingClientRect();
    const down = nodes.router.box.getBoundingClientRect().left === nodes.mobile.box.getBoundingClientRect().left;
    const places = {};
    for (const key of Object.keys(NAMES)) {
      const r = nodes[key].box.getBoundingClientRect();
      const x = r.left - origin.left;
      const y = r.top - origin.top;
      places[key] = down
        ? { start: y, end: y + r.height, near: x, far: x + r.width }
        : { start: x, end: x + r.width, near: y, far: y + r.height };
    }
    return { down, places, point: (along, across) => (down ? across + ' ' + along : along + ' ' + across), size: origin };
  }

  function draw() {
    const { down, places, point, size } = frame();
    const full = down ? 26 : BAND;
    const thick = share => (share > 0 ? Math.max(2, share * full) : 0);
    const middle = down ? places.router.near + 40 : (places.router.near + places.router.far) / 2;
    const paths = [];
    const straight = (from, to, share, tier, live) => {
      if (share > 0) paths.push({ id: from + to, tier, live, width: thick(share), d: 'M' + point(places[from].end - 2, middle) + ' L' + point(places[to].start + 2, middle) });
    };
    const any = sum(Object.values(shares)) > 0;
    const on = { edge: shares.edge + shares.cloud, cloud: shares.cloud };
    const liveOn = { edge: moving.edge || moving.cloud, cloud: moving.cloud };
    straight('events', 'router', any ? 1 : 0, 'all', moving.any);
    straight('router', 'mobile', any ? 1 : 0, 'all', moving.any);
    straight('mobile', 'edge', on.edge, 'all', liveOn.edge);
    straight('edge', 'cloud', on.cloud, 'all', liveOn.cloud);
    straight('cloud', 'predictions', shares.cloud, 'cloud', moving.cloud);
    let lane = places.mobile.far + LANE_GAP;
    for (const tier of ['edge', 'mobile']) {
      const width = thick(shares[tier]);
      if (width > 0) {
        const across = lane + width / 2;
        const along = (places[tier].start + places[tier].end) / 2;
        const corner = Math.max(CORNER, width / 2);
        paths.push({
          id: tier + 'out', tier, live: moving[tier], width,
          d: 'M' + point(along, places[tier].far - 2) + ' L' + point(along, across - corner)
            + ' Q' + point(along, across) + ' ' + point(along + corner, across)
            + ' L' + point(places.predictions.start + 2, across),
        });
      }
      lane += width + LANE_GAP;
    }
    if (letters > 0 && !down) {
      const along = (places.router.start + places.router.end) / 2;
      paths.push({ id: 'letters', tier: 'letters', width: 2, d: 'M' + point(along, places.router.far) + ' L' + point(along, places.letters.near) });
    }
    if (spilled > 0 && !down) {
      const top = places.edge.near;
      const from = places.mobile.end - 24;
      const to = places.cloud.start + 24;
      paths.push({ id: 'spilled', tier: 'spilled', width: 2, d: 'M' + point(from, top) + ' C' + point(from + 30, top - 26) + ' ' + point(to - 30, top - 26) + ' ' + point(to, top) });
    }
    attribute(bands, 'viewBox', '0 0 ' + size.width + ' ' + size.height);
    sync(bands, paths, path => path.id,
      () => svg('g', {}, svg('path', { class: 'band' }), svg('path', { class: 'motion' })),
      (group, path) => {
        attribute(group, 'class', path.tier + (path.live ? ' live' : ''));
        attribute(group.firstChild, 'd', path.d);
        attribute(group.firstChild, 'stroke-width', path.width.toFixed(1));
        attribute(group.lastChild, 'd', path.d);
      });
  }

  // An animation of the style sheet would have the page drawn 60 times a second beside a pipeline at work.
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let phase = 0;
  setInterval(() => {
    if (calm.matches || document.hidden || document.body.matches('.paused, .lost')) return;
    phase = (phase + 4) % 16;
    attribute(bands, 'stroke-dashoffset', -phase);
  }, 250);

  new ResizeObserver(draw).observe(host);

  return state => {
    const tiers = Object.fromEntries(list(state.tiers).map(tier => [tier.tier, tier]));
    const totals = state.totals ?? {};
    const total = sum(list(state.tiers).map(tier => tier.rate));
    const lag = value => (known(value) ? 'lag ' + count(value) : 'lag unknown');
    const model = list(state.models)[0];
    letters = totals.dead_letters;
    spilled = totals.spilled;
    moving = { any: total > 0 };
    let from = 0;
    write('events', rate(total), 'over all tiers');
    write('router', lag(state.router?.lag), 'to the nearest pool');
    for (const name of TIERS) {
      const tier = tiers[name] ?? {};
      const to = model?.tiers?.[name];
      shares[name] = known(tier.share) ? tier.share : 0;
      moving[name] = tier.rate > 0;
      write(name, known(tier.share) ? percent(tier.share, 0) + ' answered' : 'none answered',
        known(to) ? 'layers ' + (from + 1) + ' to ' + to : null,
        rate(tier.rate) + ', ' + lag(tier.lag),
        name === 'cloud' && spilled > 0 ? count(spilled) + ' spilled past the edge' : null);
      if (known(to)) from = to;
    }
    write('predictions', count(totals.answered), 'answered', ...TIERS.map(name => (known(tiers[name]?.answered) ? name + ' ' + count(tiers[name].answered) : null)));
    write('letters', plural(letters, 'record', 'records'), 'not answered, none lost');
    draw();
  };
}
