// The floor: a line every metre, figures along the two axes.
import * as THREE from 'three';

const REACH = 30;

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
    const grid = new THREE.GridHelper(2 * REACH, 2 * REACH, stage.colour('accent'), stage.colour('grid'));
    grid.material.transparent = true;
    grid.material.opacity = 0.75;
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
