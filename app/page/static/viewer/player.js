// Time: which frame is shown. Frame f is the one at f / fps seconds; nothing is shown between frames.
export class Player {
  constructor() {
    Object.assign(this, { frame: 0, frames: 0, fps: 30, speed: 1, loop: true, playing: false, first: 0, last: 0, rest: 0 });
    this.onFrame = () => {};
    this.onState = () => {};
  }

  get time() { return this.frame / this.fps; }

  load(frames, fps) {
    Object.assign(this, { frames, fps, first: 0, last: frames - 1, frame: 0, rest: 0 });
    this.play(true);
  }

  play(on = !this.playing) {
    this.playing = on && this.frames > 1;
    if (this.playing && this.frame >= this.last && !this.loop) this.go(this.first);
    this.onState();
  }

  /** Real seconds have passed. */
  tick(seconds) {
    if (!this.playing) return;
    this.rest += seconds * this.speed * this.fps;
    const steps = Math.floor(this.rest);
    if (!steps) return;
    this.rest -= steps;
    const length = this.last - this.first + 1;
    let next = this.frame + steps;
    if (next > this.last) {
      if (!this.loop) { next = this.last; this.play(false); } else next = this.first + (next - this.first) % length;
    }
    this.go(next);
  }

  go(frame) {
    this.frame = Math.max(0, Math.min(this.frames - 1, Math.round(frame)));
    this.onFrame(this.frame);
  }

  step(by) { this.play(false); this.go(this.frame + by); }

  setSpeed(speed) { this.speed = Math.max(0.1, Math.min(2, speed)); this.onState(); }

  /** Play only from here, or only to here. */
  setRange(first, last) {
    this.first = Math.max(0, Math.min(first, this.frames - 1));
    this.last = Math.max(this.first, Math.min(last, this.frames - 1));
    this.onState();
  }
}
