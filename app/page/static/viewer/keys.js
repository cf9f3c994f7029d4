// Keys: what Controls lists under "?".
export function listenToKeys({ stage, player, cast, waypoints, controls }) {
  const keys = {
    ' ': () => player.play(),
    ArrowLeft: (event) => player.step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => player.step(event.shiftKey ? 10 : 1),
    Home: () => player.step(-player.frames),
    End: () => player.step(player.frames),
    i: () => player.setRange(player.frame, player.last),
    o: () => player.setRange(player.first, player.frame),
    l: () => { player.loop = !player.loop; player.onState(); },
    '[': () => player.setSpeed(player.speed / 1.5),
    ']': () => player.setSpeed(player.speed * 1.5),
    1: () => controls.setCamera('orbit'), 2: () => controls.setCamera('follow'), 3: () => controls.setCamera('top'),
    g: () => controls.toggle('grid'), w: () => controls.toggle('way'), c: () => controls.toggle('feet'),
    n: () => controls.toggle('ghosts'), b: () => controls.toggle('bones'),
    p: () => controls.setDrawing(!waypoints.drawing),
    Delete: () => waypoints.drawing && waypoints.remove(), Backspace: () => waypoints.drawing && waypoints.remove(),
    Escape: () => waypoints.drawing && controls.setDrawing(false),
    s: () => controls.photo(), f: () => controls.fullScreen(), '?': () => document.getElementById('help').showModal(),
  };
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tagName } = event.target;
    if (tagName === 'SELECT' || (tagName === 'BUTTON' && event.key === ' ') || document.querySelector('dialog[open]')) return;
    if (event.key === 'Tab' && event.target === stage.canvas && cast.people.length > 1 && !event.shiftKey) {
      if (cast.picked < cast.people.length - 1) { event.preventDefault(); cast.pick(cast.picked + 1); }
      return;
    }
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action(event);
  });

  let pressed = null;
  stage.canvas.addEventListener('pointerdown', (event) => { pressed = [event.clientX, event.clientY]; stage.canvas.focus(); });
  stage.canvas.addEventListener('pointerup', (event) => {
    const still = pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < 5;
    pressed = null;
    if (!still || waypoints.drawing || cast.people.length < 2) return;
    const number = cast.at(event);
    if (number >= 0 && number !== cast.picked) cast.pick(number);
  });
}
