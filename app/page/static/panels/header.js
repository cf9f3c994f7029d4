// The top line: name, keys, light and dark. Dark unless chosen otherwise; the choice stays.
import { make } from './dom.js';
import { setTheme } from './view.js';

const THEME = 'stride-theme';

export function mount({ element, given }) {
  const root = element.firstElementChild;
  const theme = () => (document.body.classList.contains('dark') ? 'dark' : 'light');
  const choose = (name) => {
    document.body.classList.toggle('dark', name === 'dark');
    try { localStorage.setItem(THEME, name); } catch { /* it is only a preference */ }
    setTheme(name);
    draw();
  };
  const draw = () => root.replaceChildren(
    make('strong', {}, 'Stride'), make('span', { class: 's-sub' }, 'a studio for human motion'),
    make('span', { class: 's-space' }), make('span', { class: 's-sub s-model', title: given.licence }, given.model),
    make('button', { type: 'button', class: 's-plain', id: 'theme', onclick: () => choose(theme() === 'dark' ? 'light' : 'dark') }, theme() === 'dark' ? 'Light' : 'Dark'));
  let kept = 'dark';
  try { kept = localStorage.getItem(THEME) ?? 'dark'; } catch { /* dark */ }
  choose(kept);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); document.querySelector('#generate')?.click(); }
  });
}
