// The viewer: puts its parts together. It works alone (?clip=NAME) and inside the studio page (see bridge.js).
import { Stage } from './stage.js';
import { Floor } from './floor.js';
import { Cast } from './cast.js';
import { Player } from './player.js';
import { Waypoints } from './waypoints.js';
import { Controls } from './controls.js';
import { listenToKeys } from './keys.js';
import { connect } from './bridge.js';
import { loadView } from './load.js';

const stage = new Stage(document.getElementById('canvas'));
const floor = new Floor(stage);
const player = new Player();
const cast = new Cast(stage, player);
const waypoints = new Waypoints(stage);
const controls = new Controls({ stage, floor, player, cast, waypoints });

player.onFrame = (frame) => {
  cast.pose(frame);
  stage.follow(cast.centre());
  controls.showFrame();
  stage.draw();
};
stage.onTick = (seconds) => player.tick(seconds);

export async function show(view) {
  await cast.show(view);
  if (waypoints.drawing) controls.setDrawing(false);
  player.load(cast.frames, cast.fps);
  stage.frame(cast.bounds());
  controls.showClip(view);
  player.onFrame(player.frame);
}

listenToKeys({ stage, player, cast, waypoints, controls });
connect({ show, stage, cast, waypoints, controls });

const asked = new URLSearchParams(location.search);
if (asked.get('theme') === 'light') document.documentElement.classList.remove('dark');
stage.readTheme();
if (asked.has('clip')) {
  loadView(asked.get('clip')).then(show).catch((error) => controls.say(error.message));
}
stage.start();

// What tests and the curious read: the pose that is shown, exactly as the clip has it.
window.stride = {
  player, cast, waypoints, stage,
  pose: () => ({ frame: player.frame, time: player.time, joints: cast.joints() }),
  pixel: (x, z) => stage.pixelOf(x, 0, z),
  ready: () => cast.people.length,
};
