// The path that is drawn on the floor: a click sets a place, places can be dragged, Delete takes the chosen one away.
import * as THREE from 'three';

const NEAR = 16;  // pixels within which a place is taken hold of

export class Waypoints {
  constructor(stage) {
    Object.assign(this, { stage, points: [], chosen: -1, held: -1, drawing: false });
    this.group = new THREE.Group();
    stage.scene.add(this.group);
    this.onChange = () => {};
    this.onMode = () => {};
    const { canvas } = stage;
    canvas.addEventListener('pointerdown', (event) => this.down(event), { capture: true });
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.up(event));
    canvas.addEventListener('pointercancel', (event) => this.up(event));
  }

  setDrawing(drawing) {
    this.drawing = drawing;
    this.stage.canvas.classList.toggle('drawing', drawing);
    if (!drawing) this.chosen = -1;
    this.build();
    this.onMode();
  }

  set(points) {
    this.points = points.map(([x, z]) => [x, z]);
    this.chosen = -1;
    this.build();
  }

  down(event) {
    if (!this.drawing || event.button !== 0) return;
    const place = this.stage.floorAt(event);
    if (!place) return;
    event.stopImmediatePropagation();  // the camera stays where it is
    this.stage.canvas.focus();
    this.held = this.near(event);
    if (this.held < 0) {
      this.points.push(place);
      this.held = this.points.length - 1;
      this.grip = [0, 0];
    } else {
      this.grip = [this.points[this.held][0] - place[0], this.points[this.held][1] - place[1]];
    }
    this.chosen = this.held;
    this.stage.canvas.setPointerCapture(event.pointerId);
    this.changed();
  }

  move(event) {
    if (this.held < 0) return;
    const place = this.stage.floorAt(event);
    if (!place) return;
    this.points[this.held] = [place[0] + this.grip[0], place[1] + this.grip[1]];
    this.changed();
  }

  up(event) {
    if (this.held < 0) return;
    this.held = -1;
    this.stage.canvas.releasePointerCapture?.(event.pointerId);
  }

  near(event) {
    let best = { apart: NEAR, number: -1 };
    this.points.forEach(([x, z], number) => {
      const [px, py] = this.stage.pixelOf(x, 0, z);
      const apart = Math.hypot(px - event.clientX, py - event.clientY);
      if (apart < best.apart) best = { apart, number };
    });
    return best.number;
  }

  /** Take the chosen place away, or the last one. */
  remove() {
    if (!this.points.length) return;
    this.points.splice(this.chosen < 0 ? this.points.length - 1 : this.chosen, 1);
    this.chosen = -1;
    this.changed();
  }

  changed() {
    this.build();
    this.onChange(this.points.map(([x, z]) => [round(x), round(z)]));
  }

  build() {
    this.group.traverse((node) => { node.geometry?.dispose(); node.material?.map?.dispose(); node.material?.dispose(); });
    this.group.clear();
    if (!this.points.length) { this.stage.draw(); return; }
    const accent = this.stage.colour('accent'), strong = this.stage.colour('poor');
    const line = new THREE.BufferGeometry().setFromPoints(
      (this.points.length > 1 ? this.points : [[0, 0], ...this.points]).map(([x, z]) => new THREE.Vector3(x, 0.014, z)));
    const dashes = new THREE.Line(line, new THREE.LineDashedMaterial({ color: accent, dashSize: 0.14, gapSize: 0.09 }));
    dashes.computeLineDistances();
    this.group.add(dashes);
    this.points.forEach(([x, z], number) => {
      const disc = new THREE.Mesh(new THREE.RingGeometry(0.07, 0.12, 28).rotateX(-Math.PI / 2),
        new THREE.MeshBasicMaterial({ color: number === this.chosen ? strong : accent, side: THREE.DoubleSide }));
      disc.position.set(x, 0.012, z);
      const label = badge(String(number + 1), number === this.chosen ? strong : accent, this.drawing);
      label.position.set(x, this.stage.mode === 'top' ? 0.02 : 0.3, z);
      this.group.add(disc, label);
    });
    this.stage.draw();
  }
}

function badge(text, colour, before) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  pen.fillStyle = `#${colour.getHexString()}`;
  pen.beginPath(); pen.arc(32, 32, 30, 0, 7); pen.fill();
  pen.fillStyle = '#fff'; pen.font = '700 34px system-ui, sans-serif'; pen.textAlign = 'center';
  pen.fillText(text, 32, 44);
  const map = new THREE.CanvasTexture(canvas);
  map.colorSpace = THREE.SRGBColorSpace;
  const sprite = new THREE.Sprite(new THREE.SpriteMaterial({ map, depthTest: !before, sizeAttenuation: false }));
  sprite.scale.setScalar(0.03);
  return sprite;
}

const round = (metres) => Math.round(metres * 1000) / 1000;
