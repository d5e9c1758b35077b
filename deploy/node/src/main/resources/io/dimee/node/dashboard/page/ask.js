// The box to type a sentence into, and the way of its answer.
import { ask } from './api.js';
import { byId, el, say } from './dom.js';
import { against, cost, count, list, percent, words } from './format.js';
import { way } from './way.js';

const LABELS_SHOWN = 12;

export function askBox() {
  const form = byId('ask');
  const text = byId('ask-text');
  const pair = byId('ask-pair');
  const button = form.querySelector('button');
  const answer = byId('ask-answer');
  const drawing = byId('ask-way');
  let models = [];
  let busy = false;

  function tell(words, kind = '') {
    answer.className = 'says ' + kind;
    say(answer, words);
  }

  /** The first of many labels: more would bury the form. */
  function listed(labels) {
    const more = labels.length - LABELS_SHOWN;
    return labels.slice(0, LABELS_SHOWN).join(', ') + (more > 0 ? ' and ' + count(more) + ' more' : '');
  }

  function showPrediction(prediction) {
    tell(prediction.label_name + ', ' + percent(prediction.confidence) + ' confident: answered on the '
      + words(prediction.tier) + ' tier at exit ' + count(prediction.exit_depth) + ' for a cost of '
      + cost(prediction.cost?.total) + ' instead of ' + cost(prediction.cost?.cloud_only) + ', '
      + against(prediction.cost?.total, prediction.cost?.cloud_only) + '.', 'good');
    drawing.replaceChildren(way(prediction, models));
  }

  function showDeadLetter(letter) {
    tell('Not answered: it became a dead letter. ' + words(letter.reason) + ' at the stage ' + words(letter.stage) + ': '
      + (letter.message ?? ''), 'bad');
  }

  async function send() {
    if (busy) return;
    const asked = text.value.trim();
    if (asked === '') {
      tell('Type a text first.', 'bad');
      text.focus();
      return;
    }
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    say(button, 'Asking');
    tell('Sent; waiting for the answer.');
    drawing.replaceChildren();
    try {
      const reply = await ask(asked, pair.value.trim() || null);
      if (reply.prediction) {
        showPrediction(reply.prediction);
        drawing.prepend(el('blockquote', {}, asked));
      } else if (reply.dead_letter) {
        showDeadLetter(reply.dead_letter);
      } else {
        tell('The reply holds neither a prediction nor a dead letter.', 'bad');
      }
    } catch (problem) {
      tell('Not answered: ' + problem.message.replace(/\.$/, '') + '.', 'bad');
    } finally {
      busy = false;
      button.removeAttribute('aria-disabled');
      say(button, 'Ask');
    }
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    send();
  });
  form.addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target.matches('textarea')) {
      event.preventDefault();
      send();
    }
  });

  return state => {
    models = list(state.models);
    const model = models[0];
    const closed = state.pipeline?.read_only === true;
    form.hidden = closed;
    byId('ask-closed').hidden = !closed;
    say(byId('ask-task'), model
      ? 'Data set ' + model.task + ': ' + listed(list(model.labels)) + '. Type a sentence and see its path through the tiers.'
      : 'Type a sentence and see its path through the tiers.');
  };
}
