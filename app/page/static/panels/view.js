// The viewer inside the page: an iframe, spoken to by messages.
import { recipe, change, listen, plain } from './recipe.js';

export const viewer = { drawing: false, onDrawing: () => {}, draw: (on) => tell('draw', on) };
let frame = null, ready = false;
const waiting = [];

function tell(kind, value) {
  if (!ready) { waiting.push([kind, value]); return; }
  frame.contentWindow.postMessage({ stride: kind, value }, location.origin);
}

export function setTheme(name) { tell('theme', name); }

export function mount({ element, props, trigger, watch }) {
  frame = element.querySelector('iframe');
  let shown = null;
  const show = () => {
    const value = plain(props.value);
    if (value?.clips && JSON.stringify(value.clips) !== shown) { shown = JSON.stringify(value.clips); tell('show', value); }
  };
  const told = {
    ready: () => {
      ready = true;
      tell('path', recipe().path);
      for (const [kind, value] of waiting.splice(0)) tell(kind, value);
    },
    path: (points) => change({ path: points }, placed),
    drawing: (on) => { viewer.drawing = on; viewer.onDrawing(); },
    picked: (number) => { if (props.value?.name && number !== props.value.picked) trigger('pick', { name: props.value.name, number }); },
    generate: () => document.querySelector('#generate')?.click(),
  };
  function placed(now) { tell('path', plain(now.path)); }
  listen(placed);
  window.addEventListener('message', (event) => {
    if (event.origin === location.origin && event.source === frame.contentWindow && event.data?.stride) told[event.data.stride]?.(event.data.value);
  });
  watch('value', show);
  show();
  frame.src = `/studio/viewer?theme=${document.body.classList.contains('dark') ? 'dark' : 'light'}`;
}
