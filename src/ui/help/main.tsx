import { render } from 'preact';
import { Help } from './help.tsx';

/** Starts the guard's page of help: `/help` of a gate, also with no network and before anybody has signed in. */

const root = document.getElementById('app');
if (root !== null) render(<Help />, root);
