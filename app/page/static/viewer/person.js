// One person: the skinned body of a .glb, posed frame by frame with the very numbers of its animation.
import * as THREE from 'three';
import { clone } from 'three/addons/utils/SkeletonUtils.js';

export class Person {
  constructor(gltf, facts, colour) {
    this.root = gltf.scene;
    this.facts = facts;
    this.tracks = tracksOf(gltf);
    this.frames = Math.max(...this.tracks.map((track) => track.times.length));
    this.fps = gltf.asset.extras?.fps ?? rate(this.tracks, this.frames);
    this.group = new THREE.Group();
    this.group.add(this.root);
    this.material = new THREE.MeshStandardMaterial({ color: colour, roughness: 0.62, metalness: 0.02 });
    dress(this.root, this.material, true);
    this.nodes = nodesOf(this.root, this.tracks);
    this.bones = [];
    this.root.traverse((node) => { if (node.isBone) this.bones.push(node); });
    this.hips = this.bones[0] ?? this.root;
    this.ghosts = [];
  }

  pose(frame) {
    setPose(this.tracks, this.nodes, frame);
    this.root.updateMatrixWorld(true);
  }

  /** World places of all bones in the frame shown, without the place this person stands at beside others. */
  joints() {
    const place = new THREE.Vector3(), found = {};
    for (const bone of this.bones) {
      bone.getWorldPosition(place).sub(this.group.position);
      found[bone.userData.name ?? bone.name] = place.toArray();
    }
    return found;
  }

  /** Every frame's place of the hips, from the tracks alone. */
  way() {
    if (this.facts) return this.facts.way;
    const track = this.tracks.find((one) => one.property === 'position');
    if (!track) return [];
    return Array.from({ length: track.times.length }, (_, k) => [track.values[3 * k], track.values[3 * k + 2]]);
  }

  speeds() {
    if (this.facts) return this.facts.speed;
    const way = this.way(), reach = Math.max(1, Math.round(this.fps / 20));
    return way.map((_, k) => {
      const a = Math.max(0, k - reach), b = Math.min(way.length - 1, k + reach);
      return b > a ? Math.hypot(way[b][0] - way[a][0], way[b][1] - way[a][1]) * this.fps / (b - a) : 0;
    });
  }

  setFaded(faded) {
    if (this.material.transparent === faded) return;
    this.material.transparent = faded;
    this.material.opacity = faded ? 0.38 : 1;
    this.material.needsUpdate = true;
  }

  setGhosts(count, colour) {
    while (this.ghosts.length > count) this.group.remove(this.ghosts.pop().root);
    while (this.ghosts.length < count) {
      const root = clone(this.root);
      const material = new THREE.MeshBasicMaterial({ color: colour, transparent: true, opacity: 0.13, depthWrite: false });
      dress(root, material, false);
      this.group.add(root);
      this.ghosts.push({ root, nodes: nodesOf(root, this.tracks) });
    }
  }

  poseGhosts(frame, every) {
    const half = this.ghosts.length / 2;
    this.ghosts.forEach(({ root, nodes }, k) => {
      const at = frame + (k < half ? k - half : k - half + 1) * every;
      root.visible = this.root.visible && at >= 0 && at < this.frames;
      if (root.visible) setPose(this.tracks, nodes, at);
    });
  }

  dispose() {
    this.group.traverse((node) => { node.geometry?.dispose(); node.skeleton?.dispose?.(); });
    this.material.dispose();
  }
}

function tracksOf(gltf) {
  const clip = gltf.animations[0];
  if (!clip) throw new Error('this file has no animation');
  return clip.tracks.map((track) => {
    const dot = track.name.lastIndexOf('.');
    const size = track.getValueSize();
    return { node: track.name.slice(0, dot), property: track.name.slice(dot + 1), size, times: track.times,
      values: track.values, between: track.createInterpolant(new Float32Array(size)) };
  }).filter((track) => ['position', 'quaternion', 'scale'].includes(track.property));
}

function rate(tracks, frames) {
  const { times } = tracks.find((track) => track.times.length === frames);
  return frames > 1 ? Math.round((frames - 1) / (times[frames - 1] - times[0])) : 30;
}

const nodesOf = (root, tracks) => tracks.map((track) => root.getObjectByName(track.node));

function setPose(tracks, nodes, frame) {
  const length = Math.max(...tracks.map((track) => track.times.length));
  const clock = tracks.find((track) => track.times.length === length).times;
  tracks.forEach((track, k) => {
    if (!nodes[k]) return;
    if (track.times.length === length) nodes[k][track.property].fromArray(track.values, frame * track.size);
    else nodes[k][track.property].fromArray(track.between.evaluate(clock[frame]));
  });
}

function dress(root, material, solid) {
  root.traverse((node) => {
    if (!node.isMesh) return;
    node.material = material;
    node.castShadow = solid;
    node.frustumCulled = false;
  });
}
