// Starts the page: every second's state goes to each part of it.
import { follow } from './api.js';
import { askBox } from './ask.js';
import { timeCharts } from './charts.js';
import { attribute, byId, say } from './dom.js';
import { flowDiagram } from './flow.js';
import { clock, list } from './format.js';
import { showHeadline } from './headline.js';
import { histogram } from './histogram.js';
import { recentTable } from './recent.js';
import { deadLettersTable, driftTable, exitsTable } from './tables.js';

function banner(id, text) {
  const node = byId(id);
  node.classList.toggle('shown', text !== '');
  say(node, text);
}

function showPipeline(state) {
  const pipeline = state.pipeline ?? {};
  const models = list(state.models).map(model => model.id).join(', ');
  say(byId('pipeline'), [
    pipeline.bootstrap_servers, pipeline.prefix && 'topics ' + pipeline.prefix + '*', models, pipeline.read_only && 'read-only',
  ].filter(Boolean).join(' · '));
  say(byId('updated'), 'as of ' + clock(state.now));
  banner('problem', pipeline.problem ? 'The pipeline has a problem: ' + pipeline.problem : '');
}

const parts = [
  showPipeline, showHeadline, flowDiagram(), askBox(), timeCharts(), histogram(), exitsTable(), driftTable(), recentTable(), deadLettersTable()];

const updates = follow(
  state => {
    banner('connection', '');
    document.body.classList.remove('lost');
    for (const show of parts) {
      try {
        show(state);
      } catch (problem) {
        // One part that cannot be drawn must not take the others with it.
        console.error(problem);
      }
    }
  },
  (since, problem) => {
    document.body.classList.add('lost');
    banner('connection', 'No answer from the dashboard’s process since ' + clock(since)
      + (problem.message === 'no answer' ? '' : ' (' + problem.message + ')') + '. Retrying; the numbers below are from then.');
  });

const pause = byId('pause');
pause.addEventListener('click', () => {
  const paused = pause.getAttribute('aria-pressed') !== 'true';
  attribute(pause, 'aria-pressed', paused);
  document.body.classList.toggle('paused', paused);
  updates.pause(paused);
  if (paused) say(byId('updated'), 'paused, ' + byId('updated').textContent);
});
