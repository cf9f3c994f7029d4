// What is being put together: one recipe, shared by the panels, kept in this browser until it is changed.
const KEPT = 'stride-recipe';

export const PLAIN = {
  prompts: [{ text: 'a person walks forward and waves', seconds: 5 }], seed: 1, variations: 1, speed: null, steps: null,
  path: [], loop: false, in_place: false, mirror: false,
};

let now = { ...PLAIN, ...kept() };
const listeners = new Set();

function kept() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; }
}

export const recipe = () => now;

/** Change some of it; everybody who listens is told, `from` itself is not. */
export function change(some, from = null) {
  now = { ...now, ...some };
  try { localStorage.setItem(KEPT, JSON.stringify(now)); } catch { /* a full or forbidden store loses a draft, no more */ }
  for (const listener of listeners) if (listener !== from) listener(now);
}

/** Take a whole recipe in its place. */
export const replace = (whole) => change({ ...PLAIN, ...plain(whole) });

export function listen(listener) { listeners.add(listener); }

/** Without the wrappers that Gradio puts around values. */
export const plain = (value) => JSON.parse(JSON.stringify(value ?? null));
