// Direct: the path on the floor as numbers beside the picture, and how the clip is finished.
import { recipe, change, listen } from './recipe.js';
import { make, number, tick } from './dom.js';
import { viewer } from './view.js';

export function mount({ element }) {
  const root = element.firstElementChild;
  listen(draw);
  viewer.onDrawing = draw;
  draw();

  function draw() {
    const { path, loop, in_place: still, mirror } = recipe();
    const places = make('ol', { class: 's-places' }, ...path.map(place));
    root.replaceChildren(
      make('section', {},
        make('h4', {}, 'Path'),
        make('p', { class: 's-note' }, path.length ? `${length(path).toFixed(2)} m long. Drag the places in the picture, or type them.`
          : 'Draw where the person goes: open the floor and click places on it.'),
        make('div', { class: 's-buttons' },
          make('button', { type: 'button', class: viewer.drawing ? 's-strong' : 's-plain', id: 'draw-path', onclick: () => viewer.draw(!viewer.drawing) },
            viewer.drawing ? 'Done' : path.length ? 'Draw on' : 'Draw a path'),
          make('button', { type: 'button', class: 's-plain', disabled: !path.length, onclick: () => change({ path: [] }) }, 'Clear')),
        places),
      make('section', {},
        make('h4', {}, 'Finish'),
        tick('Loop', loop, (on) => change({ loop: on }), 'the end runs into the beginning'),
        tick('In place', still, (on) => change({ in_place: on }), 'the way over the ground is taken out'),
        tick('Mirror', mirror, (on) => change({ mirror: on }), 'left and right exchanged')));
  }

  function place([x, z], k) {
    const { path } = recipe();
    const moved = (axis) => (value) => change({ path: path.map((one, at) => (at === k ? one.map((v, a) => (a === axis ? value ?? 0 : v)) : one)) });
    return make('li', {},
      number(x, { min: -200, max: 200, step: 0.1, label: `x of place ${k + 1}` }, moved(0)),
      number(z, { min: -200, max: 200, step: 0.1, label: `z of place ${k + 1}` }, moved(1)),
      make('button', { type: 'button', class: 's-quiet', 'aria-label': `Take place ${k + 1} away`, onclick: () => change({ path: path.filter((_, at) => at !== k) }) }, '×'));
  }
}

function length(path) {
  const way = path.length === 1 ? [[0, 0], ...path] : path;
  return way.slice(1).reduce((sum, [x, z], k) => sum + Math.hypot(x - way[k][0], z - way[k][1]), 0);
}
