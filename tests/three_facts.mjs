// What three.js finds in a clip: node three_facts.mjs NODE_MODULES/three FILE TIMES.json  ->  JSON on stdout.
// Places of all objects in the world at the times (s), as its own animation mixer moves them; the file's unit.
import fs from 'fs';

globalThis.window = globalThis;
globalThis.self = globalThis;
globalThis.document = { createElementNS: () => ({}) };
globalThis.ProgressEvent ??= class {};
const [, , three, file, timesFile] = process.argv;
const THREE = await import(`${three}/build/three.module.js`);
const loader = name => import(`${three}/examples/jsm/loaders/${name}.js`);
const bytes = fs.readFileSync(file);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

async function open() {
    if (file.endsWith('.fbx')) {
        const group = new (await loader('FBXLoader')).FBXLoader().parse(buffer, '');
        return [group, group.animations];
    }
    if (file.endsWith('.bvh')) {
        const found = new (await loader('BVHLoader')).BVHLoader().parse(bytes.toString('latin1'));
        return [found.skeleton.bones[0], [found.clip]];
    }
    const { GLTFLoader } = await loader('GLTFLoader');
    const gltf = await new Promise((resolve, reject) => new GLTFLoader().parse(buffer, '', resolve, reject));
    return [gltf.scene, gltf.animations];
}

const [root, animations] = await open();
const mixer = new THREE.AnimationMixer(root);
mixer.clipAction(animations[0]).play();
const objects = [];
root.traverse(object => objects.push(object));
const skinned = objects.filter(object => object.isSkinnedMesh);
const places = [], surfaces = [];
for (const time of JSON.parse(fs.readFileSync(timesFile))) {
    mixer.setTime(Math.min(time, animations[0].duration - 1e-7));
    root.updateMatrixWorld(true);
    places.push(objects.map(object => object.getWorldPosition(new THREE.Vector3()).toArray()));
    surfaces.push(skinned.map(mesh => {
        mesh.skeleton.update();
        const points = [], count = mesh.geometry.attributes.position.count;
        for (let i = 0; i < count; i++)
            points.push(mesh.getVertexPosition(i, new THREE.Vector3()).applyMatrix4(mesh.matrixWorld).toArray());
        return points;
    }));
}
process.stdout.write(JSON.stringify({
    names: objects.map(object => object.name),
    animations: animations.map(one => one.name),
    duration: animations[0].duration,
    tracks: animations[0].tracks.length,
    bones: objects.filter(object => object.isBone).length,
    places, surfaces,
}));
