// Light, cameras and the canvas. Draws only when something has changed.
import * as THREE from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

// A machine that needs longer than this (ms) from one picture to the next gets no shadows and coarser pixels.
const SLOW = 90;

/** Whether pictures are reckoned by the processor, without a graphics card. */
function withoutCard() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software/i.test(name);
}

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.simple = withoutCard();
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: !this.simple, powerPreference: 'high-performance' });
    this.renderer.setPixelRatio(this.simple ? 1 : Math.min(devicePixelRatio, 2));
    this.renderer.shadowMap.enabled = !this.simple;
    this.scene = new THREE.Scene();
    this.camera = new THREE.PerspectiveCamera(38, 1, 0.05, 400);
    this.camera.position.set(2.6, 1.9, 4.2);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.target.set(0, 0.9, 0);
    this.controls.maxPolarAngle = Math.PI / 2 - 0.02;
    this.controls.minDistance = 0.6;
    this.controls.maxDistance = 80;
    this.controls.addEventListener('change', () => this.draw());
    this.mode = 'follow';
    this.centre = new THREE.Vector3(0, 0.9, 0);
    this.onTick = () => {};
    this.waits = [];
    this.light();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  light() {
    this.scene.add(new THREE.HemisphereLight(0xffffff, 0xa4aabc, 1.9));
    this.sun = new THREE.DirectionalLight(0xffffff, 2.1);
    this.sun.castShadow = !this.simple;
    this.sun.shadow.mapSize.set(1024, 1024);
    this.sun.shadow.radius = 5;
    this.sun.shadow.bias = -0.0006;
    this.scene.add(this.sun, this.sun.target);
    this.light2 = new THREE.DirectionalLight(0xaab8ff, 0.5);
    this.light2.position.set(-4, 3, -5);
    this.scene.add(this.light2);
  }

  readTheme() {
    const style = getComputedStyle(document.documentElement);
    this.colour = (name) => new THREE.Color(style.getPropertyValue(`--${name}`).trim());
    this.scene.background = this.colour('floor');
    this.scene.fog = new THREE.Fog(this.colour('floor'), 14, 42);
    this.onTheme?.();
    this.draw();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.setViewOffset(width, height, 0, Math.min(36, height / 12), width, height);  // room for the time line
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  draw() { this.dirty = true; }

  start() {
    let before = performance.now();
    const step = (now) => {
      requestAnimationFrame(step);
      const wait = now - before;
      before = now;
      this.onTick(Math.min(wait / 1000, 0.5));
      if (this.dirty) { this.dirty = false; this.render(); this.judge(wait); } else this.waits.length = 0;
    };
    requestAnimationFrame(step);
  }

  render() { this.renderer.render(this.scene, this.camera); }

  /** Many pictures in a row that came late: do with less. */
  judge(wait) {
    if (this.simple) return;
    this.waits.push(wait);
    if (this.waits.length < 20) return;
    if (this.waits.reduce((sum, one) => sum + one) / this.waits.length > SLOW) this.simplify();
    this.waits.length = 0;
  }

  simplify() {
    this.simple = true;
    this.sun.castShadow = false;
    this.renderer.shadowMap.enabled = false;
    this.renderer.setPixelRatio(1);
    this.scene.traverse((node) => { if (node.material) node.material.needsUpdate = true; });
    this.resize();
  }

  /** Put what is in this box into the picture, seen from the front and a little from the side. */
  frame(box) {
    const size = box.getSize(new THREE.Vector3());
    box.getCenter(this.centre);
    const reach = Math.max(size.y, size.x / Math.min(this.camera.aspect, 1.6), size.z * 0.7, 1.6);
    const distance = (reach / 2) / Math.tan((this.camera.fov / 2) * Math.PI / 180) * 1.5;
    const from = this.mode === 'top' ? new THREE.Vector3(0, 1, 0.001) : new THREE.Vector3(0.5, 0.3, 0.9);
    this.controls.target.copy(this.centre);
    this.camera.position.copy(this.centre).addScaledVector(from.normalize(), distance);
    this.controls.update();
    this.shine();
  }

  /** Where the person is now: the camera goes along when it follows, the light always. */
  follow(centre) {
    const moved = centre.clone().sub(this.centre);
    if (this.mode !== 'orbit') {
      moved.y = 0;
      this.camera.position.add(moved);
      this.controls.target.add(moved);
      this.controls.update();
    }
    this.centre.copy(centre);
    this.shine();
  }

  shine() {
    this.sun.target.position.set(this.centre.x, 0, this.centre.z);
    this.sun.position.set(this.centre.x + 2.5, 6, this.centre.z + 2.5);
    const reach = 5, box = this.sun.shadow.camera;
    Object.assign(box, { left: -reach, right: reach, top: reach, bottom: -reach, near: 0.5, far: 16 });
    box.updateProjectionMatrix();
  }

  /** See these places [x, z] from above, and the person. */
  overlook(places) {
    const box = new THREE.Box3().expandByPoint(new THREE.Vector3(this.centre.x, 0, this.centre.z));
    for (const [x, z] of places) box.expandByPoint(new THREE.Vector3(x, 0, z));
    const middle = box.getCenter(new THREE.Vector3()), size = box.getSize(new THREE.Vector3());
    const tall = Math.max(size.z + 3.5, (size.x + 3) / this.camera.aspect, 7);
    this.controls.target.copy(middle);
    this.camera.position.set(middle.x, tall / 2 / Math.tan(this.camera.fov / 2 * Math.PI / 180), middle.z + 0.001);
    this.controls.update();
    this.draw();
  }

  setMode(mode) {
    const { target } = this.controls;
    if (mode !== 'orbit') target.set(this.centre.x, Math.min(0.9, Math.max(this.centre.y, 0)), this.centre.z);
    const distance = Math.max(this.camera.position.distanceTo(target), 2);
    if (mode === 'top') this.camera.position.set(target.x, target.y + Math.max(distance, 7), target.z + 0.001);
    else if (this.mode === 'top') this.camera.position.copy(target).add(new THREE.Vector3(0.5, 0.3, 0.9).normalize().multiplyScalar(Math.min(distance, 8)));
    this.mode = mode;
    this.controls.update();
    this.draw();
  }

  /** Where on the floor (height 0) a pointer points, [x, z] m, or null above the horizon. */
  floorAt(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const at = new THREE.Vector2(((event.clientX - left) / width) * 2 - 1, 1 - ((event.clientY - top) / height) * 2);
    const ray = new THREE.Raycaster();
    ray.setFromCamera(at, this.camera);
    const hit = ray.ray.intersectPlane(new THREE.Plane(new THREE.Vector3(0, 1, 0), 0), new THREE.Vector3());
    return hit && hit.distanceTo(this.camera.position) < 200 ? [hit.x, hit.z] : null;
  }

  /** The pixel of the page at which a point in the world is seen. */
  pixelOf(x, y, z) {
    this.camera.updateMatrixWorld();
    const at = new THREE.Vector3(x, y, z).project(this.camera);
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [left + (at.x + 1) / 2 * width, top + (1 - at.y) / 2 * height];
  }

  picture() {
    this.render();
    return new Promise((done) => this.canvas.toBlob(done, 'image/png'));
  }
}
