// What a person leaves on the floor: the way of the hips coloured by speed, and where feet stood.
import * as THREE from 'three';

const STOPS = [[0, 0x5b6cff], [1.2, 0x2fbf8f], [2.4, 0xf2b53c], [4, 0xff5a5f]];

/** Blue stands, green walks, amber jogs, red runs. */
export function colourOfSpeed(speed) {
  for (let k = 1; k < STOPS.length; k += 1) {
    const [low, from] = STOPS[k - 1], [high, to] = STOPS[k];
    if (speed <= high) return new THREE.Color(from).lerp(new THREE.Color(to), (speed - low) / (high - low));
  }
  return new THREE.Color(STOPS.at(-1)[1]);
}

export function ribbon(way, speeds, width = 0.045) {
  const places = [], colours = [], faces = [];
  let side = [1, 0];
  way.forEach(([x, z], k) => {
    const [ax, az] = way[Math.max(0, k - 2)], [bx, bz] = way[Math.min(way.length - 1, k + 2)];
    const length = Math.hypot(bx - ax, bz - az);
    if (length > 1e-3) side = [(bz - az) / length, -(bx - ax) / length];
    const colour = colourOfSpeed(speeds[k] ?? 0);
    for (const sign of [-1, 1]) {
      places.push(x + sign * side[0] * width / 2, 0.006, z + sign * side[1] * width / 2);
      colours.push(colour.r, colour.g, colour.b);
    }
    if (k) faces.push(2 * k - 2, 2 * k - 1, 2 * k, 2 * k, 2 * k - 1, 2 * k + 1);
  });
  const shape = new THREE.BufferGeometry();
  shape.setAttribute('position', new THREE.Float32BufferAttribute(places, 3));
  shape.setAttribute('color', new THREE.Float32BufferAttribute(colours, 3));
  shape.setIndex(faces);
  const look = new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.DoubleSide, transparent: true, opacity: 0.9 });
  return new THREE.Mesh(shape, look);
}

/** Discs where feet stand; the ones that stand now are bright. */
export class Footmarks {
  constructor(stands, calm, bright) {
    Object.assign(this, { stands, calm, bright });
    const shape = new THREE.CircleGeometry(0.055, 20).rotateX(-Math.PI / 2);
    const look = new THREE.MeshBasicMaterial({ transparent: true, opacity: 0.8, depthWrite: false });
    this.mesh = new THREE.InstancedMesh(shape, look, Math.max(stands.length, 1));
    this.mesh.count = stands.length;
    this.mesh.frustumCulled = false;
    stands.forEach(({ place: [x, z] }, k) => this.mesh.setMatrixAt(k, new THREE.Matrix4().setPosition(x, 0.008, z)));
    this.show(0);
  }

  show(frame) {
    this.stands.forEach(({ first, stop }, k) => {
      this.mesh.setColorAt(k, first <= frame && frame < stop ? this.bright : this.calm);
    });
    if (this.mesh.instanceColor) this.mesh.instanceColor.needsUpdate = true;
  }
}

/** A soft dark disc under a person, where there are no real shadows. */
export function softShadow() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d'), fade = pen.createRadialGradient(32, 32, 2, 32, 32, 32);
  fade.addColorStop(0, 'rgb(0 0 0 / .32)');
  fade.addColorStop(1, 'rgb(0 0 0 / 0)');
  pen.fillStyle = fade;
  pen.fillRect(0, 0, 64, 64);
  const look = new THREE.MeshBasicMaterial({ map: new THREE.CanvasTexture(canvas), transparent: true, depthWrite: false });
  return new THREE.Mesh(new THREE.PlaneGeometry(1, 1).rotateX(-Math.PI / 2), look);
}
