// Buttons, the time line and what is said in words.
import { button, icon } from './icons.js';
import { colourOfSpeed } from './traces.js';
import { Recorder, save } from './capture.js';

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];
const KEYS = [
  ['Space', 'play or pause'], ['← →', 'one frame back or on'], ['Shift ← →', 'ten frames'], ['Home End', 'begin, end'],
  ['I O', 'play from here, play to here'], ['L', 'loop'], ['[ ]', 'slower, faster'], ['1 2 3', 'orbit, follow, top camera'],
  ['G W C', 'grid, way, contacts'], ['N B', 'onion skins, bones'], ['Tab', 'next variation'], ['P', 'draw a path'],
  ['Delete', 'take a place of the path away'], ['S', 'save a picture'], ['F', 'full screen'], ['?', 'these keys'],
];

export class Controls {
  constructor(parts) {
    Object.assign(this, parts);
    this.node = (id) => document.getElementById(id);
    this.recorder = new Recorder(this.stage, this.player);
    this.cameras();
    this.shows();
    this.toolbox();
    this.transport();
    this.keys();
    this.player.onState = () => this.showState();
    this.waypoints.onMode = () => this.showMode();
  }

  cameras() {
    const group = this.node('cameras');
    for (const [mode, label, key] of [['orbit', 'Orbit camera', '1'], ['follow', 'Follow camera', '2'], ['top', 'Camera from above', '3']]) {
      group.append(button(mode, label, () => this.setCamera(mode), key));
    }
    this.setCamera('follow');
  }

  setCamera(mode) {
    this.stage.setMode(mode);
    for (const one of this.node('cameras').children) press(one, one.dataset.name === mode);
  }

  shows() {
    const group = this.node('shows');
    const rows = [['grid', 'Grid with metres', 'G'], ['way', 'Way, coloured by speed', 'W'], ['feet', 'Where feet stand', 'C'],
      ['ghosts', 'Onion skins', 'N'], ['bones', 'Skeleton', 'B']];
    for (const [what, label, key] of rows) group.append(button(what, label, () => this.toggle(what), key));
    for (const what of ['grid', 'way', 'feet']) press(this.named(what), true);
  }

  named(what) { return document.querySelector(`button[data-name="${what}"]`); }

  toggle(what) {
    if (what === 'grid') this.floor.setShown(!this.floor.shown);
    const on = what === 'grid' ? this.floor.shown : this.cast.toggle(what);
    press(this.named(what), on);
  }

  toolbox() {
    this.node('tools').append(
      button('draw', 'Draw a path on the floor', () => this.setDrawing(!this.waypoints.drawing), 'P'),
      button('photo', 'Save a picture', () => this.photo(), 'S'),
      button('film', 'Record a film of the loop', () => this.record()),
      button('full', 'Full screen', () => this.fullScreen(), 'F'),
      button('help', 'Keys', () => this.node('help').showModal(), '?'));
  }

  setDrawing(drawing) {
    if (drawing && this.stage.mode !== 'top') {
      this.before = this.stage.mode;
      this.setCamera('top');
      this.stage.overlook(this.waypoints.points);
    } else if (!drawing && this.before && this.stage.mode === 'top') {
      this.setCamera(this.before);
      this.before = null;
    }
    this.waypoints.setDrawing(drawing);
  }

  showMode() {
    const { drawing } = this.waypoints;
    press(this.named('draw'), drawing);
    this.node('empty').hidden = drawing || this.cast.people.length > 0;
    this.say(drawing ? 'Click the floor to set places, drag to move them, Delete takes one away' : '');
  }

  say(text) { this.node('hint').textContent = text; }

  async photo() { save(await this.stage.picture(), 'stride.png'); }

  async record() {
    if (!this.cast.people.length || this.recorder.busy) return;
    press(this.named('film'), true);
    this.say('Recording the clip once …');
    save(await this.recorder.record(), 'stride.webm');
    press(this.named('film'), false);
    this.say('');
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  transport() {
    const { player } = this;
    const bar = this.node('transport');
    this.playing = button('play', 'Play', () => player.play(), 'Space');
    this.playing.classList.add('main');
    this.looping = button('loop', 'Loop', () => { player.loop = !player.loop; player.onState(); }, 'L');
    const time = document.createElement('span');
    time.id = 'time';
    const space = document.createElement('span');
    space.className = 'space';
    this.pace = document.createElement('select');
    this.pace.setAttribute('aria-label', 'Speed of playing');
    for (const speed of SPEEDS) this.pace.add(new Option(`${speed}×`, speed, speed === 1, speed === 1));
    this.pace.addEventListener('change', () => player.setSpeed(Number(this.pace.value)));
    bar.append(button('back', 'One frame back', () => player.step(-1), '←'), this.playing,
      button('next', 'One frame on', () => player.step(1), '→'), time, space, this.looping, this.pace);
    this.node('scrub').addEventListener('input', (event) => { player.play(false); player.go(Number(event.target.value)); });
    this.node('bar').classList.add('idle');
  }

  showClip(view) {
    const many = view.clips.length > 1;
    this.node('title').textContent = many ? `${view.title}  ·  ${view.clips.length} takes, click one to pick it` : view.title ?? '';
    this.node('title').title = view.title ?? '';
    this.node('empty').hidden = true;
    this.node('bar').classList.remove('idle');
    this.node('scrub').max = this.player.frames - 1;
    this.showMarks();
    this.showState();
  }

  showFrame() {
    const { player } = this;
    this.node('scrub').value = player.frame;
    this.node('time').innerHTML = `<b>${player.time.toFixed(2)}</b> / ${((player.frames - 1) / player.fps).toFixed(2)} s · ${player.frame}`;
  }

  showState() {
    const { player } = this;
    const now = player.playing ? 'pause' : 'play';
    if (this.playing.dataset.name !== now) {
      this.playing.dataset.name = now;
      this.playing.innerHTML = icon(now);
      this.playing.setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
    }
    press(this.looping, player.loop);
    this.pace.value = String(SPEEDS.reduce((a, b) => (Math.abs(b - player.speed) < Math.abs(a - player.speed) ? b : a)));
    this.showMarks();
  }

  /** Behind the scrubber: speed as a coloured band, feet that stand as two rows, what is not played greyed out. */
  showMarks() {
    const { chosen } = this.cast, { player } = this, canvas = this.node('marks');
    const width = canvas.width = canvas.clientWidth || 600, height = canvas.height = canvas.clientHeight || 26;
    const pen = canvas.getContext('2d'), wide = width / Math.max(player.frames, 1);
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--raised');
    pen.fillRect(0, 0, width, height);
    if (!chosen) return;
    chosen.speeds().forEach((speed, frame) => {
      pen.fillStyle = `#${colourOfSpeed(speed).getHexString()}`;
      pen.fillRect(frame * wide, height - 5, wide + 1, 5);
    });
    pen.fillStyle = `#${this.stage.colour('soft').getHexString()}`;
    for (const { joint, first, stop } of chosen.facts?.stands ?? []) {
      if (joint.endsWith('foot')) pen.fillRect(first * wide, joint.startsWith('left') ? 5 : 11, (stop - first) * wide, 3);
    }
    pen.fillStyle = 'rgb(128 128 128 / .35)';
    pen.fillRect(0, 0, player.first * wide, height);
    pen.fillRect((player.last + 1) * wide, 0, width, height);
  }

  keys() {
    const rows = KEYS.map(([key, what]) => `<dt>${key}</dt><dd>${what}</dd>`).join('');
    this.node('help').innerHTML = `<h2>Keys</h2><dl>${rows}</dl>`;
    this.node('help').addEventListener('click', (event) => event.currentTarget.close());
  }
}

function press(one, on) { one?.setAttribute('aria-pressed', String(on)); }
