// Pictures and films of what the canvas shows, made in the browser.
export function save(blob, name) {
  if (!blob) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export class Recorder {
  constructor(stage, player) { Object.assign(this, { stage, player, busy: false }); }

  /** Play the clip once from its beginning and record it; the film as a blob. */
  record() {
    this.busy = true;
    const { player } = this;
    const recorder = new MediaRecorder(this.stage.canvas.captureStream(30), { videoBitsPerSecond: 8_000_000 });
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const before = { loop: player.loop, state: player.onState };
    return new Promise((done) => {
      recorder.onstop = () => { this.busy = false; done(new Blob(parts, { type: recorder.mimeType })); };
      player.onState = () => {
        before.state();
        if (player.playing) return;
        Object.assign(player, { loop: before.loop, onState: before.state });
        setTimeout(() => recorder.stop(), 150);
        before.state();
      };
      player.loop = false;
      player.go(player.first);
      recorder.start();
      player.play(true);
    });
  }
}
