import { render } from 'preact';
import { Demo } from './demo.tsx';

/** Starts the demonstration's page. */

const root = document.getElementById('app');
if (root !== null) render(<Demo />, root);
