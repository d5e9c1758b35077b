// How numbers and times are written. What is absent or not a number is a dash.

export const NONE = '–';
export const TIERS = ['mobile', 'edge', 'cloud'];
export const POOLS = ['easy', 'medium', 'hard'];

export const known = value => typeof value === 'number' && Number.isFinite(value);
export const list = value => (Array.isArray(value) ? value : []);
export const sum = values => list(values).reduce((a, b) => a + (known(b) ? b : 0), 0);

const formats = new Map();

export function number(value, digits = 0) {
  if (!known(value)) return NONE;
  if (!formats.has(digits)) {
    formats.set(digits, new Intl.NumberFormat('en',
      { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  return formats.get(digits).format(value);
}

export const count = value => number(value, 0);
export const cost = value => number(value, 2);
export const confidence = value => number(value, 3);

export function percent(share, digits = 1) {
  return known(share) ? number(100 * share, digits) + ' %' : NONE;
}

/** As many digits as the number needs, two after the point at most. */
export const scaled = value => (known(value) ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : NONE);

export const rate = value => (known(value) ? number(value, value >= 100 ? 0 : 1) + '/s' : NONE);

export function millis(value) {
  if (!known(value)) return NONE;
  return value >= 10000 ? number(value / 1000, 1) + ' s' : number(value, value < 10 ? 1 : 0) + ' ms';
}

export function bytes(value) {
  if (!known(value)) return NONE;
  for (const [size, unit] of [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']]) {
    if (value >= size) return number(value / size, 1) + ' ' + unit;
  }
  return count(value) + ' B';
}

const clocks = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export const clock = at => (known(at) ? clocks.format(at) : NONE);

/** The day too, when it is not today's. */
export function moment(at, now = Date.now()) {
  if (!known(at)) return NONE;
  const day = days.format(at);
  return day === days.format(now) ? clock(at) : day + ' ' + clock(at);
}

/** What a cost is against the cloud alone, in words. */
export function against(total, cloudOnly) {
  if (!known(total) || !known(cloudOnly) || cloudOnly <= 0) return NONE;
  const saved = 1 - total / cloudOnly;
  return saved >= 0 ? percent(saved, 0) + ' saved' : percent(-saved, 0) + ' more';
}

export const plural = (n, one, many) => count(n) + ' ' + (n === 1 ? one : many);

export const words = name => String(name ?? NONE).replaceAll('_', ' ');

export function modelOf(models, id) {
  return list(models).find(model => model.id === id);
}

/** Whether the last exit was too unsure of its answer to give it. */
export const isWithheld = prediction => prediction.label === null;

export function labelName(model, label) {
  return list(model?.labels)[label] ?? (known(label) ? 'label ' + label : NONE);
}
