// Data reaches the page through these helpers alone: as text or as an attribute, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child != null && child !== false));
  return node;
}

export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Writes only what changed, so that a selection or a reader's place in the page is kept. */
export function say(node, value) {
  const text = String(value ?? '');
  if (node.textContent !== text) node.textContent = text;
}

export function attribute(node, name, value) {
  const text = String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/**
 * Makes the children of parent, from its child after on, those of items, reusing the node of each key. A node that
 * stays is not moved, so that it keeps the focus.
 */
export function sync(parent, items, keyOf, create, update, after = null) {
  const kept = (parent.keyed ??= new Map());
  const wanted = new Map();
  for (const item of items) {
    let key = keyOf(item);
    while (wanted.has(key)) key += '+';
    wanted.set(key, item);
  }
  for (const [key, node] of kept) {
    if (!wanted.has(key)) {
      node.remove();
      kept.delete(key);
    }
  }
  let place = after ? after.nextSibling : parent.firstChild;
  for (const [key, item] of wanted) {
    let node = kept.get(key);
    if (!node) {
      node = create(item);
      kept.set(key, node);
    }
    update(node, item);
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
}

/** A table that may scroll sideways, by keyboard too. */
export function table(name, columns) {
  const body = el('tbody');
  const head = columns.map(column =>
    el('th', { scope: 'col', class: column.number ? 'number' : null }, column.name));
  const node = el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': name + ', table' },
    el('table', { 'aria-label': name }, el('thead', {}, el('tr', {}, head)), body));
  return { node, body };
}

/** A bar of 0 to 1 with an optional mark; its numbers stand beside it as text. */
export function bar(kind) {
  return el('span', { class: 'bar ' + kind, 'aria-hidden': 'true' }, el('span'), el('i'));
}

export function setBar(node, value, mark) {
  const clamp = x => Math.min(1, Math.max(0, x)) * 100 + '%';
  node.style.setProperty('--value', Number.isFinite(value) ? clamp(value) : '0%');
  const marked = Number.isFinite(mark);
  node.classList.toggle('marked', marked);
  if (marked) node.style.setProperty('--mark', clamp(mark));
}
