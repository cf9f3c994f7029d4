// Everybody in the picture: the variations of a result, side by side and in step; one of them is picked.
import * as THREE from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { Person } from './person.js';
import { Bones } from './bones.js';
import { Footmarks, ribbon, softShadow } from './traces.js';

const COLOURS = [0xb9c2d6, 0xc9b8d8, 0xb4d2c8, 0xd9c6b2, 0xb5cbe0, 0xd6b9bf, 0xc4cfae, 0xc0c0c8];
const GHOSTS = 4;
const GHOST_SECONDS = 0.2;

export class Cast {
  constructor(stage, player) {
    Object.assign(this, { stage, player, people: [], picked: 0, order: 0 });
    this.shown = { way: true, feet: true, ghosts: false, bones: false };
    this.group = new THREE.Group();
    stage.scene.add(this.group);
    this.onPick = () => {};
  }

  get frames() { return Math.max(0, ...this.people.map((one) => one.frames)); }
  get fps() { return this.people[0]?.fps ?? 30; }
  get chosen() { return this.people[this.picked]; }

  async show(view) {
    const order = this.order += 1;
    const loaded = await Promise.all(view.clips.map(async ({ glb, facts }, k) => {
      const [gltf, told] = await Promise.all([
        new GLTFLoader().loadAsync(glb),
        facts ? fetch(facts).then((answer) => (answer.ok ? answer.json() : null)) : null,
      ]);
      return new Person(gltf, told, COLOURS[k % COLOURS.length]);
    }));
    if (order !== this.order) return;  // something newer is being shown
    for (const one of this.people) one.dispose();
    this.group.clear();
    this.people = loaded;
    this.arrange();
    this.trace();
    this.pick(Math.min(view.picked ?? 0, loaded.length - 1));
  }

  /** Side by side, so far apart that nobody walks into another. */
  arrange() {
    const reach = this.people.map((one) => {
      const across = one.way().map(([x]) => x);
      return [Math.min(0, ...across), Math.max(0, ...across)];
    });
    const apart = Math.max(1.5, ...reach.map(([low, high]) => high - low + 1.1));
    this.people.forEach((one, k) => {
      one.group.position.x = (k - (this.people.length - 1) / 2) * apart;
      this.group.add(one.group);
    });
  }

  trace() {
    const { stage } = this;
    for (const one of this.people) {
      one.ribbon = ribbon(one.way(), one.speeds());
      one.marks = new Footmarks(one.facts?.stands ?? [], stage.colour('soft'), stage.colour('accent'));
      one.shade = softShadow();
      one.group.add(one.ribbon, one.marks.mesh, one.shade);
      one.overlay = new Bones(one, stage.colour('accent'));
      this.group.add(one.overlay.mesh);
    }
    this.apply();
  }

  /** Colours of the theme again. */
  recolour() {
    for (const one of this.people) {
      one.setGhosts(0);
      Object.assign(one.marks, { calm: this.stage.colour('soft'), bright: this.stage.colour('accent') });
      one.overlay.mesh.material.color.copy(this.stage.colour('accent'));
    }
    this.apply();
  }

  apply() {
    for (const [k, one] of this.people.entries()) {
      const mine = k === this.picked;
      one.ribbon.visible = this.shown.way;
      one.marks.mesh.visible = this.shown.feet;
      one.overlay.mesh.visible = this.shown.bones;
      one.setFaded(!mine && this.people.length > 1);
      one.setGhosts(this.shown.ghosts && mine ? GHOSTS : 0, this.stage.colour('accent'));
    }
    this.pose(this.player.frame);
    this.stage.draw();
  }

  toggle(what) {
    this.shown[what] = !this.shown[what];
    this.apply();
    return this.shown[what];
  }

  pick(number) {
    if (!this.people.length) return;
    this.picked = (number + this.people.length) % this.people.length;
    this.apply();
    this.onPick(this.picked);
  }

  pose(frame) {
    for (const one of this.people) {
      const at = Math.min(frame, one.frames - 1);
      one.pose(at);
      one.marks.show(at);
      one.shade.visible = this.stage.simple;
      one.shade.position.set(one.hips.position.x, 0.004, one.hips.position.z);
      if (one.overlay.mesh.visible) one.overlay.update();
      if (one.ghosts.length) one.poseGhosts(at, Math.max(1, Math.round(GHOST_SECONDS * one.fps)));
    }
  }

  joints() { return this.chosen?.joints() ?? {}; }

  centre() {
    const place = new THREE.Vector3(0, 0.9, 0);
    if (this.people.length === 1) this.chosen.hips.getWorldPosition(place);
    else if (this.people.length) {
      for (const one of this.people) place.add(one.hips.getWorldPosition(new THREE.Vector3()));
      place.sub(new THREE.Vector3(0, 0.9, 0)).divideScalar(this.people.length);
    }
    return place;
  }

  bounds() {
    const box = new THREE.Box3(new THREE.Vector3(-0.5, 0, -0.5), new THREE.Vector3(0.5, 1.7, 0.5));
    if (this.people.length) box.makeEmpty();
    for (const one of this.people) {
      const place = one.hips.getWorldPosition(new THREE.Vector3());
      box.expandByPoint(place.clone().add(new THREE.Vector3(-0.6, 0, -0.4)).setY(0));
      box.expandByPoint(place.add(new THREE.Vector3(0.6, 0, 0.4)).setY(1.75));
    }
    return box;
  }

  /** Who is seen at this pointer: the nearest joint within reach. */
  at(event) {
    let best = { apart: 45, number: -1 };
    this.people.forEach((one, number) => {
      for (const bone of one.bones) {
        const { x, y, z } = bone.getWorldPosition(new THREE.Vector3());
        const [px, py] = this.stage.pixelOf(x, y, z);
        const apart = Math.hypot(px - event.clientX, py - event.clientY);
        if (apart < best.apart) best = { apart, number };
      }
    });
    return best.number;
  }
}
