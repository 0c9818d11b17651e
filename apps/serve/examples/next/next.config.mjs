/** Packages with threads of their own are loaded by Node, not bundled. */
export default { serverExternalPackages: ['@towerkit/serve', '@towerkit/recommend', 'onnxruntime-node'] };
