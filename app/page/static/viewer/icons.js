// Drawings for the buttons, 24 by 24.
const DRAWN = {
  play: '<path d="M8 5.5v13l11-6.5z"/>', pause: '<path d="M7 5h4v14H7zM13 5h4v14h-4z"/>',
  back: '<path d="M15 6l-6 6 6 6M6 6v12"/>', next: '<path d="M9 6l6 6-6 6M18 6v12"/>',
  loop: '<path d="M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1"/>',
  orbit: '<circle cx="12" cy="12" r="3"/><ellipse cx="12" cy="12" rx="10" ry="4.5"/>',
  follow: '<circle cx="12" cy="6" r="2.4"/><path d="M12 9v6M8 21l4-6 4 6M8 12h8"/>',
  top: '<path d="M12 3v10M8 9l4 4 4-4M3 17h18M6 21h12"/>',
  grid: '<path d="M4 9h16M4 15h16M9 4v16M15 4v16"/>',
  way: '<path d="M5 20c0-6 14-4 14-10S9 7 9 4"/><circle cx="5" cy="20" r="1.5"/>',
  feet: '<ellipse cx="8" cy="8" rx="2.4" ry="4"/><ellipse cx="16" cy="14" rx="2.4" ry="4"/><path d="M6.5 14.5h3M14.500 20.500h3"/>',
  ghosts: '<circle cx="15" cy="8" r="3"/><path d="M15 11v9"/><circle cx="8" cy="8" r="3" opacity=".45"/><path d="M8 11v9" opacity=".45"/>',
  bones: '<path d="M12 4v7M12 11l-5 4M12 11l5 4M7 15v5M17 15v5M8 7h8"/><circle cx="12" cy="4" r="1.300"/>',
  draw: '<path d="M4 19l4-1L19 7l-3-3L5 15z"/><path d="M14 6l3 3"/>',
  photo: '<path d="M4 8h4l2-3h4l2 3h4v11H4z"/><circle cx="12" cy="13" r="3.500"/>',
  film: '<rect x="3" y="6" width="12" height="12" rx="2"/><path d="M15 10l6-3v10l-6-3z"/>',
  full: '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>', help: '<circle cx="12" cy="12" r="9"/><path d="M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.300-1 .900-1 1.700M12 17v.01"/>',
};

export function icon(name) { return `<svg viewBox="0 0 24 24" aria-hidden="true">${DRAWN[name]}</svg>`; }

/** A button with a drawing, a name that is read out, and the key that does the same. */
export function button(name, label, action, key = '') {
  const one = document.createElement('button');
  one.type = 'button';
  one.innerHTML = icon(name);
  one.title = key ? `${label} (${key})` : label;
  one.setAttribute('aria-label', label);
  one.dataset.name = name;
  one.addEventListener('click', action);
  return one;
}
