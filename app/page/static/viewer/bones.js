// The skeleton over the body: a slim cone along every bone, drawn through the skin.
import * as THREE from 'three';

const UP = new THREE.Vector3(0, 1, 0);

export class Bones {
  constructor(person, colour) {
    this.pairs = person.bones.filter((bone) => bone.parent?.isBone).map((bone) => [bone.parent, bone]);
    const shape = new THREE.ConeGeometry(0.022, 1, 6).translate(0, 0.5, 0);
    const material = new THREE.MeshBasicMaterial({ color: colour, depthTest: false, transparent: true, opacity: 0.9 });
    this.mesh = new THREE.InstancedMesh(shape, material, this.pairs.length);
    this.mesh.renderOrder = 10;
    this.mesh.frustumCulled = false;
  }

  update() {
    const a = new THREE.Vector3(), b = new THREE.Vector3(), along = new THREE.Vector3();
    const turn = new THREE.Quaternion(), matrix = new THREE.Matrix4();
    this.pairs.forEach(([parent, bone], k) => {
      parent.getWorldPosition(a);
      bone.getWorldPosition(b);
      along.subVectors(b, a);
      const length = along.length() || 1e-6;
      turn.setFromUnitVectors(UP, along.divideScalar(length));
      this.mesh.setMatrixAt(k, matrix.compose(a, turn, new THREE.Vector3(1, length, 1)));
    });
    this.mesh.instanceMatrix.needsUpdate = true;
  }
}
