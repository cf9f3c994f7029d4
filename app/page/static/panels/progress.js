// Progress: where an order is, what went wrong, and what is known when a sentence is far from anything recorded.
import { make } from './dom.js';
import { plain, recipe, change } from './recipe.js';

const STAGES = { text: 'Reading the words', sample: 'Moving', refine: 'Cleaning feet', verify: 'Choosing the best', export: 'Dressing and saving' };
const JOB = 'stride-job';

export function mount({ element, props, trigger, watch }) {
  const root = element.firstElementChild;
  const draw = () => {
    const value = plain(props.value) ?? {};
    remember(['waiting', 'working'].includes(value.state) ? value.job : null);
    root.replaceChildren(...parts(value));
  };
  watch('value', draw);
  draw();
  const open = (() => { try { return localStorage.getItem(JOB); } catch { return null; } })();
  if (open) trigger('resume', { job: open });
}

function remember(job) {
  try { if (job) localStorage.setItem(JOB, job); else localStorage.removeItem(JOB); } catch { /* a convenience */ }
}

function parts(value) {
  if (value.state === 'waiting') return [make('p', { class: 's-note' }, value.place > 1 ? `Number ${value.place} in the queue` : 'Next in the queue'), bar(0)];
  if (value.state === 'working') return [make('p', { class: 's-note' }, `${STAGES[value.stage] ?? 'Getting ready'} … ${value.seconds.toFixed(0)} s`), bar(whole(value))];
  if (value.state === 'failed') return [make('p', { class: 's-notice poor', role: 'alert' }, value.message)];
  if (value.state === 'cancelled') return [make('p', { class: 's-note' }, 'Cancelled; nothing was kept.')];
  if (value.state !== 'done' || !value.known?.length || !value.far) return [];
  return [make('div', { class: 's-notice fair', role: 'status' },
    make('b', {}, 'Nothing like this was recorded.'), ' Nearest to it is:',
    make('div', {}, ...value.known.map((text) => make('button', { type: 'button', class: 's-chip', onclick: () => suggest(text) }, text))))];
}

/** The stages are of unlike length: most of the time goes into moving. */
function whole({ stage, share }) {
  const from = { text: [0, 0.05], sample: [0.05, 0.75], refine: [0.75, 0.85], verify: [0.85, 0.9], export: [0.9, 1] }[stage] ?? [0, 0.05];
  return from[0] + (from[1] - from[0]) * share;
}

function bar(share) {
  return make('div', { class: 's-bar', role: 'progressbar', 'aria-valuenow': String(Math.round(100 * share)) }, make('i', { style: `width:${100 * share}%` }));
}

/** The words of the recordings themselves, in place of the last sentence. */
function suggest(text) {
  const { prompts } = recipe();
  change({ prompts: prompts.map((row, k) => (k === prompts.length - 1 ? { ...row, text } : row)) });
}
