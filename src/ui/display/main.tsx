import { render } from 'preact';
import { Display } from './display.tsx';
import { NoLane } from './no-lane.tsx';

/** Starts the gate's display. The lane is the last part of the address: `/display/<lane>`. */

const lane = /^\/display\/([a-z0-9-]{1,32})\/?$/.exec(location.pathname)?.[1];
const root = document.getElementById('app');
if (root !== null) render(lane === undefined ? <NoLane /> : <Display lane={lane} />, root);
