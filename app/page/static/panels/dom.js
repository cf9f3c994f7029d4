// Elements in one call; text is always text, never markup.
export function make(tag, attributes = {}, ...children) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) one.addEventListener(name.slice(2), value);
    else if (name in one && typeof value !== 'string') one[name] = value;
    else if (value !== false && value !== null && value !== undefined) one.setAttribute(name, value);
  }
  one.append(...children.filter((child) => child !== null && child !== undefined));
  return one;
}

/** A switch of a few choices; one is chosen. */
export function choice(label, options, value, onchoose) {
  const group = make('div', { class: 's-choice', role: 'group', 'aria-label': label });
  for (const [name, text, title] of options) {
    group.append(make('button', {
      type: 'button', title, 'aria-pressed': String(name === value), onclick: () => onchoose(name),
    }, text));
  }
  return group;
}

export function field(label, control, hint = '') {
  return make('label', { class: 's-field', title: hint }, make('span', {}, label), control);
}

export function number(value, { min, max, step, placeholder = '', label }, onchange) {
  const one = make('input', { type: 'number', min: String(min), max: String(max), step: String(step), placeholder, 'aria-label': label });
  one.value = value ?? '';
  one.addEventListener('change', () => {
    const given = one.value === '' ? null : Math.min(max, Math.max(min, Number(one.value)));
    one.value = given ?? '';
    onchange(given);
  });
  return one;
}

export function tick(label, value, onchange, hint = '') {
  const box = make('input', { type: 'checkbox' });
  box.checked = value;
  box.addEventListener('change', () => onchange(box.checked));
  return make('label', { class: 's-tick', title: hint }, box, make('span', {}, label));
}
