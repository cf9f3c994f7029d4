// Export: a card for every tool; a click writes the file, reads it back, and offers it with what was found.
import { make } from './dom.js';
import { plain } from './recipe.js';

export function mount({ element, props, trigger, watch, given }) {
  const root = element.firstElementChild;
  let busy = null;
  const draw = () => {
    const value = plain(props.value) ?? {};
    const usable = Boolean(value.name);
    root.replaceChildren(
      ...(usable ? [] : [make('p', { class: 's-note' }, 'Make a clip first; then take it home in one click.')]),
      make('div', { class: 's-cards' }, ...given.cards.map((card) => drawn(card, value, usable))));
  };
  watch('value', () => { busy = null; draw(); });
  draw();

  function drawn(card, value, usable) {
    const done = value.done?.[card.name];
    const write = () => { busy = card.name; draw(); trigger('export', { name: value.name, number: value.number, card: card.name }); };
    return make('div', { class: 's-card', 'data-card': card.name },
      make('button', { type: 'button', disabled: !usable || busy !== null, onclick: write },
        make('b', {}, card.title), make('em', {}, card.suffix.slice(1).toUpperCase()), make('small', {}, card.about)),
      busy === card.name ? make('p', { class: 's-note' }, 'Writing, and reading it back …') : null,
      done ? outcome(done) : null);
  }
}

function outcome(done) {
  if (done.error) return make('p', { class: 's-note poor' }, done.error);
  const wrong = done.items.filter((item) => !item.ok);
  const verdict = !done.checked ? 'a picture: nothing to check' : done.ok ? `${done.items.length} checks passed` : `${wrong.length} of ${done.items.length} checks failed`;
  const list = make('ul', {}, ...(wrong.length ? wrong : done.items).map((item) => make('li', { class: item.ok ? '' : 'poor' },
    `${item.name}: ${item.value} ${item.unit} ${item.limit ? `(${item.limit})` : ''}`)));
  return make('div', { class: 's-done' },
    make('a', { href: done.url, download: done.file, class: 's-strong' }, `↓ ${Math.ceil(done.bytes / 1024)} kB`),
    make('details', { class: done.ok ? 'good' : 'poor' }, make('summary', {}, verdict), list));
}
