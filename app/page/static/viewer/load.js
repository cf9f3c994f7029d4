// From what ?clip= names to what is shown: a result of the studio, or the address of a .glb on this server.
export async function loadView(name) {
  if (/^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$/.test(name)) {
    const answer = await fetch(`/studio/api/results/${name}`);
    const result = await answer.json();
    if (!answer.ok) throw new Error(result.error);
    return result.view;
  }
  const address = new URL(name, location.href);
  if (address.origin !== location.origin || !address.pathname.endsWith('.glb')) {
    throw new Error('clip= names a result of this studio, or a .glb file on this server');
  }
  return { title: address.pathname.split('/').pop(), picked: 0, clips: [{ glb: address.href }] };
}
