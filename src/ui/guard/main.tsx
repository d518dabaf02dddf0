import { render } from 'preact';
import { Guard } from './guard.tsx';

/** Starts the guard's desk. */

const root = document.getElementById('app');
if (root !== null) render(<Guard />, root);
