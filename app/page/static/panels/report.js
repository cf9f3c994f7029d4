// Report: what was asked for beside what came of it, as traffic lights.
import { make } from './dom.js';
import { plain } from './recipe.js';

const WORDS = { good: 'good', fair: 'look at it', poor: 'poor' };

export function mount({ element, props, watch }) {
  const root = element.firstElementChild;
  const draw = () => {
    const value = plain(props.value);
    if (!value?.lights?.length) {
      root.replaceChildren(make('p', { class: 's-note' }, 'When there is a clip, its numbers are here: what you asked for beside what came of it.'));
      return;
    }
    root.replaceChildren(
      make('h4', {}, value.title),
      make('p', { class: 's-note' }, value.facts),
      make('ul', { class: 's-lights' }, ...value.lights.map((light) => make('li', { title: light.hint },
        make('i', { class: `s-light ${light.state}`, role: 'img', 'aria-label': WORDS[light.state] }),
        make('span', { class: 's-name' }, light.name),
        make('span', { class: 's-value' }, light.value, light.asked ? make('small', {}, `asked ${light.asked}`) : null)))));
  };
  watch('value', draw);
  draw();
}
