'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const main = document.getElementById('main');
  const contents = document.getElementById('contents');
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const NAMES = {
    'cloud-only': 'cloud only', 'edge-only': 'edge only', 'mobile-only': 'mobile only',
    entropy: 'entropy (DeeBERT)', patience: 'patience (PABEE)', confidence: 'one threshold, three exits',
    'dimee-paper': 'DIMEE as published', random: 'random start, our exits', dimee: 'pools, our exits',
    cascade: 'cascade (ours)', adaptive: 'adaptive (ours)',
    'perfect-routing': 'bound: perfect routing', oracle: 'bound: earliest correct exit'
  };
  const COLORS = {
    'cloud-only': '#6e7781', entropy: '#bf8700', patience: '#8250df', confidence: '#1a7f37',
    'dimee-paper': '#cf222e', cascade: dark ? '#58a6ff' : '#0b6bcb', adaptive: '#e85aad', 'perfect-routing': '#9a9a9a'
  };
  const TIERS = ['mobile', 'edge', 'cloud'];
  const TIER_COLORS = ['#1a7f37', '#bf8700', '#cf222e'];
  const METRICS = { accuracy: 'accuracy', matthews: 'Matthews correlation' };
  const OURS = ['cascade', 'adaptive'];
  const BOUNDS = ['perfect-routing', 'oracle'];
  Chart.defaults.color = dark ? '#9198a1' : '#57606a';
  Chart.defaults.borderColor = dark ? '#30363d' : '#d8dee4';
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.plugins.legend.labels.boxWidth = 12;

  const percent = (x, digits = 1) => (100 * x).toFixed(digits) + ' %';
  const fixed = (x, digits = 2) => x == null ? '' : x.toFixed(digits);
  const mean = values => values.reduce((a, b) => a + b, 0) / values.length;
  const policy = (task, name) => task.policies.find(p => p.policy === name);

  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    children.forEach(child => node.append(child));
    return node;
  }

  function section(title, text) {
    const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const node = element('section', { id }, element('h2', {}, title), element('p', {}, text));
    main.append(node);
    contents.append(element('a', { href: '#' + id }, title));
    return node;
  }

  function table(parent, caption, header, rows, classes = []) {
    const head = element('tr', {}, ...header.map(h => element('th', { scope: 'col' }, h)));
    const body = rows.map((row, i) => element('tr', classes[i] ? { class: classes[i] } : {},
      ...row.map((cell, j) => element(j === 0 ? 'th' : 'td', j === 0 ? { scope: 'row' } : {}, cell))));
    parent.append(element('div', { class: 'scroll' },
      element('table', { 'aria-label': caption }, element('thead', {}, head), element('tbody', {}, ...body))));
  }

  function chart(parent, title, description, config, caption) {
    const canvas = element('canvas', { role: 'img', 'aria-label': title + '. ' + description });
    const figure = element('figure', {}, element('h3', {}, title), element('div', { class: 'chart' }, canvas));
    if (caption) figure.append(element('figcaption', {}, caption));
    parent.append(figure);
    new Chart(canvas, config);
  }

  const axis = (text, more = {}) => ({ title: { display: true, text }, ...more });
  const grid = (parent, small) => {
    const node = element('div', { class: small ? 'grid small' : 'grid' });
    parent.append(node);
    return node;
  };
  const rowClass = name => OURS.includes(name) ? 'ours' : BOUNDS.includes(name) ? 'bound' : '';
  const names = data.tasks[0].policies.map(p => p.policy);
  const tasks = data.tasks.map(t => t.task);
  const overall = name => ({
    reduction: mean(data.tasks.map(t => policy(t, name).cost_reduction)),
    drop: mean(data.tasks.map(t => policy(t, name).drop_points))
  });

  const ours = overall('cascade');
  const paper = overall('dimee-paper');
  document.getElementById('summary').textContent =
    `Over ${data.tasks.length} data set${data.tasks.length > 1 ? 's' : ''}, policy cascade costs ${percent(ours.reduction)} less than ` +
    `answering everything in the cloud and loses ${fixed(ours.drop)} points of accuracy; DIMEE as published, on the same exits and ` +
    `under the same target, costs ${percent(paper.reduction)} less and loses ${fixed(paper.drop)} points.`;

  {
    const s = section('Accuracy', 'Table 1. Each data set by its metric, on dev. Every policy\'s parameters were chosen on ' +
      'held-out rows of train by one rule: the cheapest setting whose drop is shown to stay within the data set\'s target.');
    table(s, 'Accuracy by data set and policy', ['policy', ...tasks, 'mean drop, points'],
      names.map(n => [NAMES[n], ...data.tasks.map(t => fixed(100 * policy(t, n).score)), fixed(overall(n).drop)]), names.map(rowClass));
    s.append(element('p', {}, data.tasks.map(t => `${t.task}: ${METRICS[t.metric]}, ${t.dev_rows} of ${t.dev_rows_in_all} rows`).join('; ') + '. ' +
      (data.tasks.some(t => ['QNLI', 'QQP', 'MNLI'].includes(t.task))
        ? 'QNLI, QQP and MNLI are trained on a subset of their published training rows, so their accuracy is below published figures; policies are comparable all the same.' : '')));
    const f1 = data.tasks.filter(t => policy(t, 'cloud-only').f1 != null);
    if (f1.length) {
      table(s, 'F1 by data set and policy', ['policy, F1', ...f1.map(t => t.task)],
        names.map(n => [NAMES[n], ...f1.map(t => fixed(100 * policy(t, n).f1))]), names.map(rowClass));
    }
  }
  {
    const s = section('Cost', 'Table 2. Mean cost per event in price units, and the reduction against answering everything in the cloud.');
    table(s, 'Cost by data set and policy', ['policy', ...tasks, 'mean reduction'],
      names.map(n => [NAMES[n], ...data.tasks.map(t => `${fixed(policy(t, n).cost)}\n(${percent(policy(t, n).cost_reduction)})`),
        percent(overall(n).reduction)]), names.map(rowClass));
    const p = data.prices;
    s.append(element('p', {}, `Prices: a layer costs ${p.layer.mobile} on mobile, ${p.layer.edge} on the edge, ${p.layer.cloud} in the cloud; an exit ${p.exit}; ` +
      `offloading ${p.offload.mobile_edge} from mobile to edge, ${p.offload.edge_cloud} from edge to cloud, ${p.offload.mobile_cloud} from mobile to cloud, ` +
      `${p.per_kibibyte} per KiB, and asking exit 0, where a bundle has it, ${p.words}.`));
  }
  {
    const s = section('Predicted and measured', 'What held-out rows of train predicted, and what dev shows. The bound holds with the stated confidence for new ' +
      'rows; the interval of the measured drop covers the sampling error of dev itself.');
    table(s, 'Predicted and measured drop', ['data set', 'held-out rows', 'target', 'predicted drop', 'at most', 'measured drop', 'interval', 'within the bound'],
      data.tasks.map(t => {
        const c = policy(t, 'cascade');
        return [t.task, String(t.held_out_rows), `${t.target.max_drop} at ${t.target.confidence}`, fixed(c.predicted_drop_points),
          fixed(c.predicted_drop_bound), fixed(c.drop_points), `${fixed(c.drop_low)} to ${fixed(c.drop_high)}`,
          c.drop_points <= c.predicted_drop_bound ? 'yes' : c.drop_low <= c.predicted_drop_bound ? 'yes, given the interval' : 'no'];
      }));
  }
  {
    const s = section('Accuracy against cost', 'Every policy over its parameter, on dev. Further left and higher is better.');
    const g = grid(s);
    data.tasks.forEach(t => chart(g, t.task, 'Accuracy against mean cost for each policy', {
      type: 'scatter',
      data: {
        datasets: Object.entries(t.curves).map(([name, points]) => ({
          label: NAMES[name], showLine: true, borderWidth: OURS.includes(name) ? 2.5 : 1.3, pointRadius: 1.5,
          borderColor: COLORS[name], backgroundColor: COLORS[name],
          data: points.map(p => ({ x: p.cost, y: 100 * p.accuracy })).sort((a, b) => a.x - b.x)
        })).concat([{ label: NAMES['cloud-only'], pointRadius: 5, backgroundColor: COLORS['cloud-only'], borderColor: COLORS['cloud-only'],
          data: [{ x: policy(t, 'cloud-only').cost, y: 100 * policy(t, 'cloud-only').accuracy }] }])
      },
      options: { scales: { x: axis('mean cost, price units'), y: axis('accuracy, %') }, plugins: { legend: { position: 'bottom' } } }
    }));
  }
  {
    const s = section('Tiers and pools', 'Figure 2. One tier answering everything, and the router\'s features in the plane (t-SNE of the mean embedding-layer ' +
      'output), coloured by the tier whose exits answer. If the pools were easy to separate, the colours would form groups.');
    const g = grid(s);
    data.tasks.forEach(t => {
      const only = ['mobile-only', 'edge-only', 'cloud-only'].map(n => policy(t, n));
      chart(g, t.task + ': one tier alone', 'Accuracy and cost of mobile, edge and cloud alone', {
        type: 'bar',
        data: { labels: TIERS, datasets: [
          { label: 'accuracy, %', data: only.map(p => 100 * p.accuracy), backgroundColor: COLORS.cascade, yAxisID: 'y' },
          { label: 'cost, price units', data: only.map(p => p.cost), backgroundColor: COLORS['dimee-paper'], yAxisID: 'cost' }] },
        options: { scales: { y: axis('accuracy, %', { min: 40, max: 100 }), cost: axis('cost', { position: 'right', min: 0, grid: { display: false } }) },
          plugins: { legend: { position: 'bottom' } } }
      });
      if (t.map.length) {
        chart(g, t.task + ': embeddings', 't-SNE of the mean embeddings by answering tier', {
          type: 'scatter',
          data: { datasets: TIERS.map((tier, i) => ({ label: tier, pointRadius: 2.5, backgroundColor: TIER_COLORS[i], borderColor: TIER_COLORS[i],
            data: t.map.filter(p => p.tier === tier.toUpperCase()).map(p => ({ x: p.x, y: p.y })) })) },
          options: { scales: { x: { display: false }, y: { display: false } }, plugins: { legend: { position: 'bottom' } } }
        });
      }
    });
  }
  {
    const s = section('Prices', 'Figure 3. Mean over data sets as one price varies and the others stay. Thresholds and router are refitted for each price: no ' +
      'training is needed. Dashed: accuracy lost by policy cascade, in points (right axis).');
    const g = grid(s);
    data.sweeps.forEach(w => chart(g, w.price, 'Mean cost of each policy over the price', {
      type: 'line',
      data: { labels: w.values, datasets: Object.entries(w.policies).map(([name, points]) => ({
        label: NAMES[name], borderColor: COLORS[name], backgroundColor: COLORS[name], borderWidth: OURS.includes(name) ? 2.5 : 1.3,
        pointRadius: 2, data: points.map(p => p.cost), yAxisID: 'y' })).concat([{
        label: 'drop of cascade', borderColor: COLORS.cascade, backgroundColor: COLORS.cascade, borderDash: [4, 4], borderWidth: 1, pointRadius: 0,
        data: w.policies.cascade.map(p => p.drop_points), yAxisID: 'drop' }]) },
      options: { scales: { x: axis(w.price), y: axis('mean cost', { beginAtZero: true }), drop: axis('points', { position: 'right', min: -2, max: 4, grid: { display: false } }) },
        plugins: { legend: { position: 'bottom' } } }
    }));
    const better = data.sweeps.flatMap(w => w.values.map((v, i) => {
      const p = w.policies;
      return { price: w.price, value: v, cascade: p.cascade[i].cost, adaptive: p.adaptive[i].cost, bound: p['perfect-routing'][i].cost };
    }));
    s.append(element('h3', {}, 'Where routing pays'));
    table(s, 'Cost of cascade and adaptive over prices', ['price', 'value', 'cascade', 'adaptive', 'adaptive below cascade by', 'share of what perfect routing would save'],
      better.map(b => [b.price, String(b.value), fixed(b.cascade), fixed(b.adaptive), percent(1 - b.adaptive / b.cascade),
        b.cascade - b.bound > 1e-6 ? percent((b.cascade - b.adaptive) / (b.cascade - b.bound), 0) : '']),
      better.map(b => b.adaptive < 0.99 * b.cascade ? 'ours' : ''));
  }
  {
    const s = section('Routers', 'Our exits, started by different routers: where an event starts changes its cost and never its answer. A router that draws tiers ' +
      'at random with the pools\' shares is the baseline of the pools. Balanced accuracy is of the tier that answers; chance is 33 %.');
    table(s, 'Cost by router', ['data set', 'random start', 'pools', 'cascade', 'adaptive', 'perfect', 'pools, balanced accuracy', 'predictor, balanced accuracy'],
      data.tasks.map(t => [t.task, ...['random', 'dimee', 'cascade', 'adaptive', 'perfect-routing'].map(n => fixed(policy(t, n).cost)),
        percent(t.router.pools_balanced_accuracy), percent(t.router.predictor_balanced_accuracy)]));
    const g = grid(s, true);
    data.tasks.forEach(t => [['pools', 'nearest pool'], ['predictor', 'predicted tier']].forEach(([key, what]) => {
      const figure = element('figure', {}, element('h3', {}, `${t.task}: ${what} (rows), answered by (columns)`));
      table(figure, `${t.task} confusion of ${what}`, ['', ...TIERS], t.router[key].map((row, i) => [TIERS[i], ...row.map(String)]));
      g.append(figure);
    }));
  }
  {
    const s = section('Exits', 'Share of dev rows that each layer\'s exit answers under policy cascade, and the accuracy of each exit if it answered everything.');
    const g = grid(s);
    data.tasks.forEach(t => chart(g, t.task, 'Answered share and accuracy by exit', {
      data: { labels: t.exits.map(e => e.depth), datasets: [
        { type: 'line', label: 'accuracy, %', data: t.exits.map(e => 100 * e.accuracy), borderColor: COLORS['dimee-paper'], backgroundColor: COLORS['dimee-paper'], yAxisID: 'accuracy', pointRadius: 2 },
        { type: 'bar', label: 'answered, %', data: t.exits.map(e => 100 * e.share), backgroundColor: COLORS.cascade, yAxisID: 'y' }] },
      options: { scales: { x: axis('layer'), y: axis('answered, %'), accuracy: axis('accuracy, %', { position: 'right', min: 40, max: 100, grid: { display: false } }) },
        plugins: { legend: { position: 'bottom' } } }
    }));
  }
  {
    const s = section('Classes', 'What policy cascade does on dev for each class. Recall lost: points below the recall of the last exit, which early answers cost the class.');
    data.tasks.forEach(t => {
      if (data.tasks.length > 1) s.append(element('h3', {}, t.task));
      table(s, `Classes of ${t.task}`, ['label', 'precision', 'recall', 'F1', 'rows', 'recall lost, points'],
        t.classes.map(c => [c.label, percent(c.precision), percent(c.recall), percent(c.f1), String(c.support), fixed(c.recall_lost)]));
    });
  }
  {
    const s = section('Reliability', 'Confidence against accuracy on dev in ten bins, before and after temperature scaling on held-out rows. ECE: expected calibration error.');
    const g = grid(s);
    data.tasks.forEach(t => t.reliability.forEach(r => chart(g, `${t.task}, exit ${r.depth}`, 'Reliability before and after temperature scaling', {
      type: 'scatter',
      data: { datasets: [
        { label: `before, ECE ${percent(r.before.error)}`, showLine: true, borderColor: COLORS['dimee-paper'], backgroundColor: COLORS['dimee-paper'], data: r.before.bins.map(b => ({ x: b.confidence, y: b.accuracy })) },
        { label: `after, ECE ${percent(r.after.error)}`, showLine: true, borderColor: COLORS.cascade, backgroundColor: COLORS.cascade, data: r.after.bins.map(b => ({ x: b.confidence, y: b.accuracy })) },
        { label: 'perfect', showLine: true, pointRadius: 0, borderDash: [4, 4], borderColor: '#9a9a9a', backgroundColor: '#9a9a9a', data: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }] },
      options: { scales: { x: axis('confidence', { min: 0.3, max: 1 }), y: axis('accuracy', { min: 0, max: 1 }) }, plugins: { legend: { position: 'bottom' } } }
    })));
  }
  {
    const seeded = data.tasks.filter(t => t.seeds && t.seeds.length > 1);
    if (seeded.length) {
      const s = section('Seeds', 'Last exit of every training run. The run that did best on held-out rows is the bundle.');
      table(s, 'Scores by seed', ['data set', 'metric', 'dev, each seed', 'mean', 'standard deviation'], seeded.map(t => {
        const scores = t.seeds.map(x => 100 * x.dev_score);
        const m = mean(scores);
        const deviation = Math.sqrt(scores.reduce((a, x) => a + (x - m) ** 2, 0) / (scores.length - 1));
        return [t.task, METRICS[t.metric], t.seeds.map(x => `${x.seed}: ${fixed(100 * x.dev_score)}`).join(', '), fixed(m), fixed(deviation)];
      }));
    }
  }
  if (data.codecs.length) {
    const s = section('Hidden-state codecs', `${tasks[0]}: every event cut at depth m and again at depth n, against events that are never cut.`);
    table(s, 'Codecs', ['codec', 'bytes per token', 'accuracy', 'change, points', 'answers changed', 'largest change of a probability', 'encode, µs per event', 'decode, µs per event'],
      data.codecs.map(c => [c.codec, String(c.bytes_per_token), percent(c.accuracy, 2), fixed(c.accuracy_change), String(c.answers_changed),
        c.largest_change.toExponential(1), fixed(c.encode_micros, 0), fixed(c.decode_micros, 0)]));
  }
  {
    const s = section('How this was made', '');
    s.append(element('p', {}, 'Command: ', element('code', {}, data.command), data.commit ? `, commit ${data.commit}` : ''));
    table(s, 'Bundles and data', ['data set', 'bundle', 'SHA-256 of train.tsv'],
      data.tasks.map(t => [t.task, element('code', {}, t.model_id), element('code', {}, t.data_sha256)]));
  }
})();
