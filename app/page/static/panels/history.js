// History: every result that was ever made here, with its picture; a click shows it, ↺ takes its recipe.
import { make } from './dom.js';
import { plain, replace } from './recipe.js';

const CURRENT = 'stride-current';

export function mount({ element, props, trigger, watch }) {
  const root = element.firstElementChild;
  const draw = () => {
    const { entries = [], current = null } = plain(props.value) || {};
    if (current) { try { localStorage.setItem(CURRENT, current); } catch { /* it is only a convenience */ } }
    root.replaceChildren(...(entries.length ? entries.map((entry) => card(entry, current))
      : [make('p', { class: 's-note' }, 'Every clip you make is kept here, with all that is needed to make it again.')]));
    root.querySelector('.current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  watch('value', draw);
  draw();
  let last = null;
  try { last = localStorage.getItem(CURRENT); } catch { /* none */ }
  trigger('open', { name: last ?? '' });

  function card(entry, current) {
    return make('div', { class: `s-past ${entry.name === current ? 'current' : ''}`, 'data-name': entry.name },
      make('button', { type: 'button', class: 's-thumb', title: entry.title, 'aria-label': `Show: ${entry.title}`,
        onclick: () => trigger('open', { name: entry.name }) },
      make('img', { src: `/studio/api/results/${entry.name}/thumbnail.png`, alt: '' }),
      make('span', {}, entry.title), make('small', {}, entry.about)),
      make('div', { class: 's-pasttools' },
        tool(entry.star ? '★' : '☆', entry.star ? 'Take the star away' : 'Star', () => trigger('star', { name: entry.name, star: !entry.star })),
        tool('↺', 'Use its recipe', () => replace(entry.recipe)),
        tool('×', 'Delete', () => { if (confirm(`Delete “${entry.title}” and its files?`)) trigger('remove', { name: entry.name }); })));
  }
}

const tool = (text, label, onclick) => make('button', { type: 'button', title: label, 'aria-label': label, onclick }, text);
