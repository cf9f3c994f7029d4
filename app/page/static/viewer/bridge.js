// Between the viewer and the page around it: messages of one origin, none where the viewer stands alone.
export function connect({ show, stage, cast, waypoints, controls }) {
  const inside = window.parent !== window;
  const tell = (kind, value) => { if (inside) window.parent.postMessage({ stride: kind, value }, location.origin); };
  const orders = {
    show: (view) => show(view).then(() => tell('shown', view.name)).catch((error) => controls.say(error.message)),
    path: (points) => waypoints.set(points),
    draw: (on) => controls.setDrawing(on),
    theme: (name) => {
      document.documentElement.classList.toggle('dark', name === 'dark');
      stage.readTheme();
      waypoints.build();
      if (cast.people.length) { cast.recolour(); controls.showMarks(); }
    },
  };
  window.addEventListener('message', (event) => {
    if (event.origin !== location.origin || event.source !== window.parent || !event.data?.stride) return;
    orders[event.data.stride]?.(event.data.value);
  });
  waypoints.onChange = (points) => tell('path', points);
  const mode = waypoints.onMode;
  waypoints.onMode = () => { mode(); tell('drawing', waypoints.drawing); };
  cast.onPick = (number) => { controls.showMarks(); tell('picked', number); };
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) tell('generate');
  });
  tell('ready');
}
