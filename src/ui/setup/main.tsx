import { render } from 'preact';
import { Setup } from './setup.tsx';

/** Starts the set-up page. */

const root = document.getElementById('app');
if (root !== null) render(<Setup />, root);
