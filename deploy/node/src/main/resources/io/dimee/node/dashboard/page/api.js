// The two calls of the dashboard's process.

const EVERY_MS = 1000;
const RETRY_MS = 2000;
const STATE_PATIENCE_MS = 10000;
const ASK_PATIENCE_MS = 40000;

async function call(path, patience, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options, signal: AbortSignal.timeout(patience) });
  } catch {
    throw new Error('no answer');
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    throw new Error('HTTP ' + response.status + ' without readable JSON');
  }
  if (!response.ok) throw new Error(body?.error ?? 'HTTP ' + response.status);
  return body;
}

export function ask(text, textPair) {
  return call('api/ask', ASK_PATIENCE_MS, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text, text_pair: textPair }),
  });
}

/** Asks for the state once a second, while the page is seen and not paused. */
export function follow(onState, onLost) {
  let timer = null;
  let busy = false;
  let paused = false;
  let lastAnswer = Date.now();

  async function turn() {
    timer = null;
    if (busy || paused || document.hidden) return;
    busy = true;
    let state = null;
    try {
      state = await call('api/state', STATE_PATIENCE_MS);
      lastAnswer = Date.now();
    } catch (problem) {
      onLost(lastAnswer, problem);
    }
    busy = false;
    later(state ? EVERY_MS : RETRY_MS);
    if (state) onState(state);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(turn, wait);
  }

  document.addEventListener('visibilitychange', () => later(0));
  later(0);
  return {
    pause(value) {
      paused = value;
      later(0);
    },
  };
}
