// Create: sentences with their seconds one below the other, how many takes, seed, speed, quality; examples.
import { recipe, change, replace, listen } from './recipe.js';
import { make, choice, field, number } from './dom.js';

const QUALITY = [[2, 'Preview', '2 steps'], [null, 'Standard', '4 steps'], [10, 'Best', '10 steps, several times slower']];

export function mount({ element, props, given }) {
  const root = element.firstElementChild;
  const tell = () => { props.value = { ...recipe() }; };
  const draw = () => {
    const focus = document.activeElement?.dataset?.row;
    root.replaceChildren(rows(), settings(), examples(given.examples));
    if (focus !== undefined) root.querySelector(`[data-row="${focus}"]`)?.focus();
  };
  const redraw = () => { draw(); tell(); };
  listen(redraw);
  draw();
  tell();

  function set(some) { change(some); }

  function rows() {
    const { prompts } = recipe();
    const total = prompts.reduce((sum, row) => sum + (row.seconds ?? 3), 0);
    const list = make('div', { class: 's-rows' });
    prompts.forEach((row, k) => list.append(one(row, k, prompts)));
    const bar = make('div', { class: 's-timeline', title: `${total.toFixed(1)} s altogether`, 'aria-hidden': 'true' },
      ...prompts.map((row, k) => make('i', { style: `flex:${row.seconds ?? 3};--k:${k}` })));
    const add = make('button', { type: 'button', class: 's-quiet', onclick: () => {
      set({ prompts: [...prompts.map((row) => ({ ...row, seconds: row.seconds ?? 3 })), { text: '', seconds: 3 }] });
      root.querySelector(`[data-row="${prompts.length}"]`)?.focus();
    } }, '+ and then …');
    return make('section', {}, list, prompts.length > 1 ? bar : null, add);
  }

  function one(row, k, prompts) {
    const text = make('textarea', { rows: '2', maxlength: '500', 'data-row': String(k), 'aria-label': `Sentence ${k + 1}`,
      placeholder: 'a person …', spellcheck: 'true' });
    text.value = row.text;
    text.addEventListener('input', () => { row.text = text.value; quietly({ prompts: [...prompts] }); });
    const seconds = number(row.seconds, { min: 0.5, max: 600, step: 0.5, placeholder: 'auto', label: `Seconds of sentence ${k + 1}` },
      (value) => { row.seconds = value; set({ prompts: [...prompts] }); });
    const tools = make('div', { class: 's-rowtools' }, seconds, make('span', {}, 's'));
    if (prompts.length > 1) {
      tools.append(
        quiet('↑', 'Earlier', k === 0, () => set({ prompts: swapped(prompts, k - 1) })),
        quiet('×', 'Take this sentence away', false, () => set({ prompts: prompts.filter((_, at) => at !== k) })));
    }
    return make('div', { class: 's-row' }, text, tools);
  }

  /** What is typed is kept and told, but not drawn anew: the caret stays where it is. */
  function quietly(some) {
    change(some, redraw);
    tell();
  }

  function settings() {
    const { variations, seed, speed, steps } = recipe();
    return make('section', { class: 's-grid' },
      field('Takes', choice('Takes', [1, 2, 4, 8].map((n) => [n, String(n), `${n} variations side by side`]), variations, (n) => set({ variations: n }))),
      field('Seed', make('div', { class: 's-joined' },
        number(seed, { min: 0, max: 4294967295, step: 1, label: 'Seed' }, (n) => set({ seed: Math.round(n ?? 0) })),
        make('button', { type: 'button', title: 'Another seed', 'aria-label': 'Another seed',
          onclick: () => set({ seed: Math.floor(Math.random() * 100000) }) }, '⚄'))),
      field('Speed, m/s', number(speed, { min: 0, max: 6, step: 0.1, placeholder: 'as it comes', label: 'Speed in metres per second' },
        (n) => set({ speed: n })), 'over the ground; left empty, it is what the sentence says'),
      field('Quality', choice('Quality', QUALITY, steps, (n) => set({ steps: n }))));
  }

  function examples(list) {
    return make('section', { class: 's-examples' }, make('h4', {}, 'Begin with'),
      ...list.map(({ title, recipe: whole }) => make('button', { type: 'button', class: 's-chip', onclick: () => replace(whole) }, title)));
  }
}

function quiet(text, label, disabled, onclick) {
  return make('button', { type: 'button', class: 's-quiet', title: label, 'aria-label': label, disabled, onclick }, text);
}

function swapped(prompts, k) {
  const next = [...prompts];
  [next[k], next[k + 1]] = [next[k + 1], next[k]];
  return next;
}
