import { preset } from '@towerkit/workspace/tsup';

// Of an optional dependency tsup does not know by itself that it stays outside.
export default preset({ index: 'src/index.ts', onnx: 'src/onnx.ts' }, { external: ['onnxruntime-node'] });
