/** Run by QEMU for each connection of a guest that may reach one port of this machine: joins it to the port that it is told. */
import { connect } from 'node:net';

const there = connect(Number(process.argv[2]), '127.0.0.1');
there.on('error', () => process.exit(1)).on('close', () => process.exit(0));
process.stdin.pipe(there).pipe(process.stdout);
