import { rm } from 'node:fs/promises';

export default async function clean() {
  await rm(process.env.TOWERKIT_SERVE_ARTIFACTS, { recursive: true, force: true });
}
