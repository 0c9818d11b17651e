// PostgreSQL with pgvector as WebAssembly, in a process of its own: prints its port and ends with its parent.
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const db = await PGlite.create({ extensions: { vector } });
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 100 });
await server.start();
process.on('disconnect', () => process.exit());
process.send(Number(server.getServerConn().split(':').pop()));
