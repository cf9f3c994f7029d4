// The floor: a line every metre, figures along the two axes.
import * as THREE from 'three';

const REACH = 30;
const PIECE = 2;

export class Floor {
  constructor(stage) {
    this.stage = stage;
    this.group = new THREE.Group();
    stage.scene.add(this.group);
    stage.onTheme = () => this.build();
  }

  build() {
    this.group.clear();
    const { stage } = this;
    const shape = new THREE.PlaneGeometry(200, 200).rotateX(-Math.PI / 2);
    const ground = new THREE.Mesh(shape, new THREE.MeshBasicMaterial({ color: stage.colour('floor'), depthWrite: false }));
    ground.renderOrder = -2;  // drawn first and leaves no depth: lines on it are never swallowed
    const shade = new THREE.Mesh(shape, new THREE.ShadowMaterial({ opacity: 0.28, depthWrite: false }));
    shade.renderOrder = -1;
    shade.receiveShadow = true;
    const grid = new THREE.Group();
    grid.add(lines(metres().filter((metre) => metre), stage.colour('grid')), lines([0], stage.colour('accent')));
    this.figures = new THREE.Group();
    for (let metre = -10; metre <= 10; metre += 1) {
      if (metre === 0 || (Math.abs(metre) > 5 && metre % 5)) continue;
      this.figures.add(figure(`${metre} m`, metre, 0, stage), figure(`${metre} m`, 0, metre, stage));
    }
    this.group.add(ground, shade, grid, this.figures);
    this.grid = grid;
    this.setShown(this.shown ?? true);
  }

  setShown(shown) {
    this.shown = shown;
    this.grid.visible = this.figures.visible = shown;
    this.stage.draw();
  }
}

const metres = () => Array.from({ length: 2 * REACH + 1 }, (_, k) => k - REACH);

/** Lines both ways at these metres, in short pieces: drawn without a graphics card, those that reach behind the camera vanish. */
function lines(at, color) {
  const places = [];
  for (const across of at) {
    for (let along = -REACH; along < REACH; along += PIECE) {
      places.push(across, 0, along, across, 0, along + PIECE, along, 0, across, along + PIECE, 0, across);
    }
  }
  const shape = new THREE.BufferGeometry().setAttribute('position', new THREE.Float32BufferAttribute(places, 3));
  return new THREE.LineSegments(shape, new THREE.LineBasicMaterial({ color, transparent: true, opacity: 0.75 }));
}

function figure(text, x, z, stage) {
  const canvas = document.createElement('canvas');
  canvas.width = 128; canvas.height = 48;
  const pen = canvas.getContext('2d');
  pen.font = '600 30px system-ui, sans-serif';
  pen.fillStyle = `#${stage.colour('soft').getHexString()}`;
  pen.textAlign = 'center';
  pen.fillText(text, 64, 34);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(0.4, 0.15),
    new THREE.MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false }));
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set(x + (x ? 0 : 0.24), 0.003, z + (x ? 0.12 : 0));
  return mesh;
}
